/** Import time and bundle size of the Node entries. */
import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";
import { figure, type Figure } from "../harness/figure.ts";
import { median } from "../harness/statistics.ts";

const here = fileURLToPath(new URL("..", import.meta.url));
const ours = "@ksmkit/core";
const theirs = "@keeper-security/secrets-manager-core";

function importMs(specifier: string): number {
  const script = `const t = performance.now(); await import(${JSON.stringify(specifier)}); console.log(performance.now() - t)`;
  return Number(
    execFileSync(process.execPath, ["--input-type=module", "--eval", script], {
      cwd: here,
      encoding: "utf8",
    }),
  );
}

async function gzipKiB(specifier: string): Promise<number> {
  const { outputFiles } = await build({
    stdin: { contents: `export * from ${JSON.stringify(specifier)}`, resolveDir: here },
    bundle: true,
    minify: true,
    write: false,
    format: "esm",
    platform: "node",
  });
  return gzipSync(outputFiles[0]?.contents ?? new Uint8Array(), { level: 9 }).length / 1024;
}

/** Measures both entries, alternating. */
export async function loadFigures(rounds: number): Promise<Figure[]> {
  const times: { ours: number[]; theirs: number[] } = { ours: [], theirs: [] };
  for (let round = 0; round < rounds * 5; round++) {
    times.ours.push(importMs(ours));
    times.theirs.push(importMs(theirs));
  }
  return [
    figure("import of the Node entry", "ms", median(times.ours), median(times.theirs), 0.8),
    figure("bundle of the Node entry, min+gzip", "KiB", await gzipKiB(ours), await gzipKiB(theirs)),
  ];
}
