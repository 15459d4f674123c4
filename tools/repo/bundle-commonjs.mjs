/**
 * Bundles the package in the working directory, `@ksmkit/compat`, for `require()` and `import`. The implementation is CommonJS, because Jest and TypeScript's
 * CommonJS projects load nothing else, and there is one: the ES entry hands its exports on, so a process that loads
 * both has one platform, one version and one set of key rings.
 *
 * What it takes of the other packages is bundled in. Declarations are CommonJS as well, for the same two reasons.
 */
import { readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { rolldown } from "rolldown";
import { reachableDeclarations } from "./publish/declarations.mjs";

const bundle = await rolldown({
  input: { index: "src/index.ts", platform: "src/platform/connect.ts" },
  platform: "node",
  // What Node 20 parses; `using` is newer.
  transform: { target: "es2022" },
  resolve: { conditionNames: ["ksmkit-source", "node"] },
  // The platform's file may export what the other one needs of it, or there would be a third.
  preserveEntrySignatures: "allow-extension",
});
for (const name of readdirSync("dist", { recursive: true })) {
  if (/\.c?js$/.test(name)) rmSync(join("dist", name));
}
const { output } = await bundle.write({
  dir: "dist",
  format: "cjs",
  exports: "named",
  // As the official package has it: what compiles `import` to `require()` then takes the exports as they are.
  esModule: true,
  generatedCode: { symbols: false },
  // Jest knows no `import()`.
  dynamicImportInCjs: false,
  entryFileNames: "[name].cjs",
  chunkFileNames: "[name].cjs",
});
await bundle.close();
const foreign = output
  .flatMap(({ moduleIds }) => moduleIds)
  .filter((id) => /[/\\]node_modules[/\\]/.test(id));
if (foreign.length > 0) throw new Error(`the bundle holds code of others: ${foreign.join(", ")}`);

const { exports: names } = output.find(({ fileName }) => fileName === "index.cjs");
const fixed = names.filter((name) => name !== "platform");
writeFileSync(
  "dist/index.js",
  `import { platform as initial } from "./index.cjs";
import { followPlatform } from "./platform.cjs";

export {
${fixed.map((name) => `  ${name},\n`).join("")}} from "./index.cjs";
export let platform = initial;
followPlatform((connected) => {
  platform = connected;
});
`,
);

const reached = reachableDeclarations(["dist/index.d.ts"]);
for (const name of readdirSync("dist", { recursive: true })) {
  const path = join("dist", name);
  if (!path.endsWith(".d.ts")) continue;
  if (reached.has(path)) {
    const text = readFileSync(path, "utf8").replaceAll(/(["']\.{1,2}\/[^"'\n]+)\.ts(["'])/g, "$1.cjs$2");
    writeFileSync(path, text);
    renameSync(path, path.replace(/\.d\.ts$/, ".d.cts"));
  } else rmSync(path);
}
writeFileSync("dist/index.d.ts", 'export * from "./index.cjs";\n');
