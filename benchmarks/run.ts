/**
 * `npm run bench`: the side-by-side figures. `--json FILE` writes them, `--update` renews README and chart,
 * `--quick` makes a tenth of the calls, to see that every bench works.
 */
import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { compileClients } from "./harness/compile-clients.ts";
import { isMissed, type Figure } from "./harness/figure.ts";
import { figureTable, machineLine, updateMarkdown, writeChart } from "./harness/report.ts";
import { downloadFigures } from "./topics/downloads.ts";
import { fileFigures } from "./topics/files.ts";
import { folderFigures } from "./topics/folders.ts";
import { getSecretsFigures } from "./topics/get-secrets.ts";
import { kmsFigures } from "./topics/kms.ts";
import { loadFigures } from "./topics/load.ts";
import { lookUpFigures } from "./topics/look-ups.ts";
import { nodeFigures } from "./topics/nodes.ts";
import { referenceFigures } from "./topics/references.ts";
import { serverlessFigures } from "./topics/serverless.ts";
import { singleCallFigures } from "./topics/single-call.ts";
import { writeFigures } from "./topics/writes.ts";

const topics: Record<string, (rounds: number) => Promise<Figure[]>> = {
  load: loadFigures,
  serverless: serverlessFigures,
  call: singleCallFigures,
  "look-ups": lookUpFigures,
  secrets: getSecretsFigures,
  nodes: nodeFigures,
  folders: folderFigures,
  downloads: downloadFigures,
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
    quick: { type: "boolean", default: false },
    update: { type: "boolean", default: false },
  },
});
const rounds = Number(values.rounds);
if (
  !Number.isInteger(rounds) ||
  rounds < 1 ||
  (values.quick && values.update) ||
  (values.only !== undefined && !Object.hasOwn({ ...topics, ...others }, values.only))
) {
  console.error(
    `usage: npm run bench -- [--json FILE] [--rounds N] [--quick | --update] [--only ${Object.keys({ ...topics, ...others }).join("|")}]`,
  );
  process.exit(2);
}

if (values.quick) process.env["KSMKIT_BENCH_QUICK"] = "1";
await compileClients();
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
for (const { name, ratio, target, reason } of figures.filter(isMissed)) {
  console.error(
    `over target: ${name}: ${ratio.toFixed(3)} > ${target}${reason === undefined ? "" : ` (${reason})`}`,
  );
}
