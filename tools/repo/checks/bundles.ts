/** Size of what users load, and that nothing of Node reaches a browser or worker bundle. */
import { readFileSync } from "node:fs";
import { builtinModules } from "node:module";
import { join, relative } from "node:path";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";
import { publishedPackages, root } from "../workspace.ts";

/** Bytes of the minified bundle of one entry. */
export interface BundleSize {
  minified: number;
  gzip: number;
}

/** A raise needs a sentence in the same commit. */
const limits: readonly { entry: string; gzip: number }[] = [
  // 20 KiB until the write side came: streamed bodies cost 0.2 KiB here, the option `middleware` and the freshness of
  // answers 0.3, bindings that survive races and limits of their own 0.5, advice on certificates 0.1,
  // integers beyond 2^53 0.1, where Bun and Deno differ from Node 0.1, records that say when a cache shares them,
  // and are picked for it, 0.1.
  { entry: "packages/core/dist/on-node/index.js", gzip: 21.75 * 1024 },
  { entry: "packages/core/dist/on-node/notation/index.js", gzip: 4 * 1024 },
  // With the client, which a watch cannot do without: 7.5 KiB on top of the main entry until exports asked before labels
  // name variables: the names of the standard field types, the longer list of dangerous ones and the advice cost 1.1.
  { entry: "packages/core/dist/on-node/references/index.js", gzip: 30.5 * 1024 },
];

/** What the examples for browsers and workers load. */
const neutralExamples = ["examples/browser/dist/public/page.js", "examples/worker/dist/worker.js"];

/** Built entries that must load where there is no Node: all that a manifest offers to the web but `./node`. */
function neutralEntries(): string[] {
  return publishedPackages().flatMap(({ path }) => {
    const { exports } = JSON.parse(readFileSync(join(path, "package.json"), "utf8")) as {
      exports: Record<string, { default?: string }>;
    };
    return Object.entries(exports)
      .filter(([entry, target]) => entry !== "./node" && target.default?.startsWith("./dist/on-web/"))
      .map(([, target]) => relative(root, join(path, target.default ?? "")));
  });
}

/** Bundles and minifies one built entry for Node, node built-ins left out. */
export async function measureBundle(entry: string): Promise<BundleSize> {
  const { outputFiles } = await build({
    entryPoints: [join(root, entry)],
    bundle: true,
    minify: true,
    write: false,
    format: "esm",
    platform: "node",
    conditions: ["node"],
  });
  const code = outputFiles[0]?.contents ?? new Uint8Array();
  return { minified: code.length, gzip: gzipSync(code, { level: 9 }).length };
}

async function nodeBuiltIns(entry: string): Promise<string[]> {
  const { metafile } = await build({
    entryPoints: [join(root, entry)],
    bundle: true,
    write: false,
    format: "esm",
    platform: "neutral",
    mainFields: ["module", "main"],
    conditions: ["browser"],
    external: ["node:*", ...builtinModules],
    metafile: true,
  });
  return Object.values(metafile.outputs).flatMap(({ imports }) => imports.map(({ path }) => path));
}

/** Entries over their limit, and Node built-ins in neutral bundles. */
export async function checkBundles(): Promise<string[]> {
  const faults: string[] = [];
  for (const { entry, gzip } of limits) {
    const size = await measureBundle(entry);
    if (size.gzip > gzip) faults.push(`${entry}: ${size.gzip} bytes min+gzip, limit ${gzip}`);
  }
  const entries = neutralEntries();
  if (entries.length === 0) faults.push("no package has an entry for the web");
  for (const entry of [...entries, ...neutralExamples]) {
    for (const path of await nodeBuiltIns(entry)) faults.push(`${entry} imports ${path} in a browser bundle`);
  }
  return faults;
}
