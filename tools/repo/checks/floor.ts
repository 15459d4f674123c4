/** Proves the published floor: the built packages load on Node 20 by `import` and by `require`. */
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { publishedExports, type ExportsMap } from "../publish/published-manifest.mjs";
import { publishedPackages, root } from "../workspace.ts";

const node20 = join(root, "tools/runtimes/node_modules/node20/bin/node");

/** Every entry and command of a package must at least parse and link on the floor. */
function entryFaults(name: string, path: string): string[] {
  const { exports, bin = {} } = JSON.parse(readFileSync(join(path, "package.json"), "utf8")) as {
    exports: ExportsMap;
    bin?: Record<string, string>;
  };
  const entries = Object.keys(publishedExports(exports))
    .filter((entry) => !entry.endsWith(".json"))
    .map((entry) => [
      "--input-type=module",
      "--eval",
      `await import(${JSON.stringify(name + entry.slice(1))})`,
    ]);
  const commands = Object.values(bin).map((file) => [join(path, file), "--version"]);
  return [...entries, ...commands].flatMap((args) => {
    const { status, stderr } = spawnSync(node20, args, { cwd: path, encoding: "utf8" });
    return status === 0 ? [] : [`${name} ${args.at(-1)} fails on Node 20: ${stderr.trim().slice(0, 500)}`];
  });
}

/** Packages that do not load on the floor. */
export function checkFloor(): string[] {
  if (process.platform !== "linux" || process.arch !== "x64") return [];
  if (!existsSync(node20)) return [`the floor's runtime is not installed: ${node20}`];
  return publishedPackages().flatMap(({ name, path }) => {
    const script = `
      const required = Object.keys(require(${JSON.stringify(name)})).sort();
      import(${JSON.stringify(name)}).then((imported) => {
        const names = Object.keys(imported).filter((name) => name !== "module.exports").sort();
        if (names.length === 0 || names.join() !== required.filter((name) => name !== "__esModule").join()) process.exit(1);
      });`;
    const { status, stderr } = spawnSync(node20, ["--input-type=commonjs", "--eval", script], {
      cwd: path,
      encoding: "utf8",
    });
    const faults = status === 0 ? [] : [`${name} does not load on Node 20: ${stderr.trim().slice(0, 500)}`];
    return [...faults, ...entryFaults(name, path)];
  });
}
