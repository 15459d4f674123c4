/** `npm run bench`: the side-by-side figures. `--json FILE` writes them, `--update` renews README and chart. */
import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import type { Figure } from "./harness/figure.ts";
import { figureTable, machineLine, updateMarkdown, writeChart } from "./harness/report.ts";
import { fileFigures } from "./topics/files.ts";
import { getSecretsFigures } from "./topics/get-secrets.ts";
import { kmsFigures } from "./topics/kms.ts";
import { loadFigures } from "./topics/load.ts";
import { referenceFigures } from "./topics/references.ts";
import { singleCallFigures } from "./topics/single-call.ts";
import { writeFigures } from "./topics/writes.ts";

const topics: Record<string, (rounds: number) => Promise<Figure[]>> = {
  load: loadFigures,
  call: singleCallFigures,
  secrets: getSecretsFigures,
  writes: writeFigures,
  references: referenceFigures,
  kms: kmsFigures,
};
/** Only by name: their other side is not the vendor's SDK. */
const others: typeof topics = { files: fileFigures };

const { values } = parseArgs({
  options: {
    json: { type: "string" },
    only: { type: "string" },
    rounds: { type: "string", default: "5" },
    update: { type: "boolean", default: false },
  },
});
const rounds = Number(values.rounds);
if (
  !Number.isInteger(rounds) ||
  rounds < 1 ||
  (values.only !== undefined && !Object.hasOwn({ ...topics, ...others }, values.only))
) {
  console.error(
    `usage: npm run bench -- [--json FILE] [--rounds N] [--update] [--only ${Object.keys({ ...topics, ...others }).join("|")}]`,
  );
  process.exit(2);
}

const figures: Figure[] = [];
const chosen = values.only === undefined ? topics : { ...topics, ...others };
for (const [name, measureTopic] of Object.entries(chosen)) {
  if (values.only !== undefined && values.only !== name) continue;
  console.error(`measuring ${name} …`);
  figures.push(...(await measureTopic(rounds)));
}
console.log(`${figureTable(figures)}\n\n${machineLine()}`);
if (values.json !== undefined) {
  writeFileSync(values.json, `${JSON.stringify({ machine: machineLine(), figures }, null, 2)}\n`);
}
if (values.update) {
  const root = new URL("../", import.meta.url);
  updateMarkdown(fileURLToPath(new URL("README.md", root)), figures);
  writeChart(fileURLToPath(new URL("docs/benchmarks.svg", root)), figures);
}
const missed = figures.filter(({ ratio, target }) => target !== undefined && ratio > target);
for (const { name, ratio, target } of missed)
  console.error(`over target: ${name}: ${ratio.toFixed(3)} > ${target}`);
