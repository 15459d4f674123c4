// @ts-check
/**
 * `prepack` and `postpack` of every published package: `pack.mjs prepare` builds and puts the published manifest in the
 * place of the repository's, `pack.mjs restore` puts that one back. Plain JavaScript for Node >= 20.19; packing fails
 * with one line when the package cannot be built.
 */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { delimiter, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { declarationEntries, reachableDeclarations } from "./declarations.mjs";
import { publishedManifest } from "./published-manifest.mjs";

const root = fileURLToPath(new URL("../../../", import.meta.url));
const bin = join(root, "node_modules", ".bin");
/** The repository's manifest while the published one is in its place. */
const original = join("node_modules", ".ksmkit-manifest.json");
const folder = relative(root, process.cwd()).replaceAll("\\", "/");

const read = (/** @type {string} */ path) => JSON.parse(readFileSync(path, "utf8"));
const write = (/** @type {string} */ path, /** @type {unknown} */ manifest) =>
  writeFileSync(path, `${JSON.stringify(manifest, null, 2)}\n`);

/** @param {string} reason */
function refuse(reason) {
  console.error(`${folder} cannot be packed: ${reason}`);
  process.exit(1);
}

/** Builds this package and what it is built from; a build that is fresh is not repeated. */
function build() {
  if (!existsSync(bin))
    refuse("nothing is installed; run `npm test` or `npx pnpm install` in the root first");
  const pathKey = Object.keys(process.env).find((key) => key.toUpperCase() === "PATH") ?? "PATH";
  const { status, stdout, stderr, error } = spawnSync(
    "turbo",
    ["run", "build", `--filter=./${folder}`, "--output-logs=errors-only"],
    {
      cwd: root,
      encoding: "utf8",
      shell: process.platform === "win32",
      env: {
        ...process.env,
        [pathKey]: `${bin}${delimiter}${process.env[pathKey]}`,
        TURBO_TELEMETRY_DISABLED: "1",
        DO_NOT_TRACK: "1",
      },
    },
  );
  if (error) refuse(`the build could not be started: ${error.message}`);
  if (status !== 0) refuse(`its build fails\n${stdout}${stderr}`);
}

/** The manifest that goes into the tarball. */
function toPublish() {
  /** @type {Record<string, string>} */
  const versions = {};
  for (const parent of ["packages", "apps"].filter((name) => existsSync(join(root, name)))) {
    for (const name of readdirSync(join(root, parent))) {
      const path = join(root, parent, name, "package.json");
      if (existsSync(path)) versions[read(path).name] = read(path).version;
    }
  }
  const manifest = read("package.json");
  const published = publishedManifest(manifest, {
    root: read(join(root, "package.json")),
    folder,
    versions,
    catalog: catalog(),
  });
  // Declarations that lead from entries of this repository alone have no readers elsewhere.
  const reached = reachableDeclarations(declarationEntries(published.exports));
  const unread = [...reachableDeclarations(declarationEntries(manifest.exports))].filter(
    (path) => !reached.has(path),
  );
  published.files = [...manifest.files, ...unread.map((path) => `!${path.replaceAll("\\", "/")}`)];
  return published;
}

/** The block `catalog:` of the workspace file: a name and an exact version on each line. */
function catalog() {
  const text = readFileSync(join(root, "pnpm-workspace.yaml"), "utf8");
  const [, block = ""] = /^catalog:\n((?: .*\n)*)/m.exec(text) ?? [];
  return Object.fromEntries(
    [...block.matchAll(/^ +"?([^":\s]+)"?: (\S+)$/gm)].map(([, name, version]) => [name, version]),
  );
}

/** Puts the repository's manifest back, unless the one that stands there was edited since. */
function restore() {
  if (!existsSync(original)) return;
  const { before, after } = read(original);
  if (readFileSync("package.json", "utf8") === after) writeFileSync("package.json", before);
  rmSync(original);
}

const [step] = process.argv.slice(2);
if (step !== "prepare" && step !== "restore") {
  console.error("usage: node tools/repo/publish/pack.mjs prepare|restore");
  process.exit(2);
}
// Also before packing: an earlier pack may have been interrupted.
restore();
if (step === "prepare") {
  build();
  const after = `${JSON.stringify(toPublish(), null, 2)}\n`;
  mkdirSync("node_modules", { recursive: true });
  write(original, { before: readFileSync("package.json", "utf8"), after });
  writeFileSync("package.json", after);
}
