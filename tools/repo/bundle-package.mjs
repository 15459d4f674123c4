/**
 * Bundles the package in the working directory: a file per entry and one chunk for what entries share, because
 * every file costs a consumer's start-up time (docs/decisions/0004-bundled-output.md). Entries are what the
 * manifest names in `exports` and `bin`; declarations come from the compiler.
 *
 * Dependencies that the manifest calls `joined` are bundled in as well: a program loads fewer files, and their types
 * stay where they are. No class of theirs may matter by identity (docs/decisions/0004-bundled-output.md).
 *
 * `dist/on-node/…` is built with the `node` condition of the package's own imports, `dist/on-web/…` without.
 * `dist/node-only/…` is what bundlers for browsers find in the place of an entry that needs Node.
 *
 * Source maps are not written: the sources lie beside the bundles, which are not minified. Declarations that no entry
 * leads to are removed.
 */
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { rolldown } from "rolldown";
import { declarationEntries, reachableDeclarations } from "./publish/declarations.mjs";

const manifest = JSON.parse(readFileSync("package.json", "utf8"));
const { dependencies = {}, peerDependencies = {}, devDependencies = {}, joined = [] } = manifest;

/**
 * Dependencies and Node's modules stay imports; `#…` is ours. A development dependency that the sources import is
 * one of which only a few functions are wanted: they are bundled in (docs/decisions/0005-typed-records.md).
 */
function isExternal(id) {
  if (/^(?:[./#]|[A-Za-z]:)/.test(id)) return false;
  const name = id.split("/", id.startsWith("@") ? 2 : 1).join("/");
  if (joined.includes(name)) return false;
  return name in dependencies || name in peerDependencies || !(name in devDependencies);
}

/** Every built file that a part of the manifest names, without `./dist/` and `.js`. */
function targets(value) {
  if (typeof value === "string") return /^\.\/dist\/(.*)\.js$/.exec(value)?.slice(1) ?? [];
  return Object.values(value ?? {}).flatMap(targets);
}

rmSync("dist/node-only", { recursive: true, force: true });
const outputs = new Set([manifest.exports, manifest.bin].flatMap(targets));
const builds = { "on-node/": ["node"], "on-web/": [] };

for (const [prefix, conditions] of Object.entries(builds)) {
  const entries = [...outputs]
    .filter((path) => path.startsWith(prefix))
    .map((path) => path.slice(prefix.length));
  if (entries.length === 0) continue;
  // A chunk's name changes with its content: without this, old ones would be published too.
  rmSync(`dist/${prefix}`, { recursive: true, force: true });
  const options = {
    platform: "neutral",
    // What Node 20 parses; `using` is newer.
    transform: { target: "es2022" },
    resolve: { conditionNames: ["ksmkit-source", ...conditions] },
    external: isExternal,
  };
  const input = Object.fromEntries(entries.map((name) => [name, `src/${name}.ts`]));
  const bundle = await rolldown({ ...options, input });
  const written = await bundle.write({
    dir: `dist/${prefix}`,
    format: "es",
    entryFileNames: "[name].js",
    chunkFileNames: "[name]-[hash].js",
    codeSplitting: {
      groups: [
        // Notation is what entries share and the main entry does not need.
        {
          name: "shared",
          minShareCount: 2,
          priority: 1,
          test: (id) => !/[/\\]src[/\\]notation[/\\]/.test(id),
        },
        { name: "notation", minShareCount: 2 },
      ],
    },
  });
  await bundle.close();
  writeNodeOnly(`./dist/${prefix}`, written.output);
}
removeUnreachable();

/** Writes what stands in `dist/node-only` for entries of a build: their names, each of which throws when it is used. */
function writeNodeOnly(folder, chunks) {
  for (const [entry, { browser, default: built }] of Object.entries(manifest.exports)) {
    if (!browser?.startsWith("./dist/node-only/") || !built.startsWith(folder)) continue;
    const names = chunks.find(({ fileName }) => fileName === built.slice(folder.length)).exports;
    const reason = `${manifest.name}${entry.slice(1)} needs Node.js, Deno or Bun; in browsers ${manifest.inBrowsers}.`;
    mkdirSync(dirname(browser), { recursive: true });
    writeFileSync(
      browser,
      `function refuse() {
  const error = new Error(${JSON.stringify(reason)});
  error.code = "ERR_NODE_ONLY";
  throw Object.defineProperty(error, Symbol.for("ksmkit.CodedError"), { value: true });
}
export { ${names.map((name) => `refuse as ${name}`).join(", ")} };
`,
    );
  }
}

/** Removes the declarations that no entry leads to. */
function removeUnreachable() {
  const reached = reachableDeclarations(declarationEntries(manifest.exports));
  for (const name of readdirSync("dist", { recursive: true })) {
    const path = join("dist", name);
    if (path.endsWith(".d.ts") && !reached.has(path)) rmSync(path);
  }
}
