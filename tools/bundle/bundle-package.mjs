/**
 * Builds the JavaScript of the package in the working directory: one file per entry, what entries share in chunks, and
 * the workspace packages that are only development dependencies inside. Run before `tsc`, which adds the declarations.
 */
import { readFileSync, rmSync } from "node:fs";
import { build } from "esbuild";

const {
  dependencies = {},
  exports: entries,
  peerDependencies = {},
} = JSON.parse(readFileSync("package.json", "utf8"));
const sources = Object.values(entries)
  .map((entry) => entry["ksmkit-source"])
  .filter((source) => source !== undefined);
const inlined = new Set(["@ksmkit/common"]);

rmSync("dist", { recursive: true, force: true });
await build({
  entryPoints: sources,
  outdir: "dist",
  outbase: "src",
  bundle: true,
  splitting: true,
  format: "esm",
  platform: "neutral",
  target: "es2023",
  conditions: ["ksmkit-source"],
  external: [
    "node:*",
    ...Object.keys({ ...dependencies, ...peerDependencies }).filter((name) => !inlined.has(name)),
  ],
  sourcemap: true,
  sourcesContent: false,
  logLevel: "warning",
});
