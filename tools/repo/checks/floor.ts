/** Proves the published floor: the built packages load on Node 20 by `import` and by `require`. */
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { publishedPackages, root } from "../workspace.ts";

const node20 = join(root, "tools/runtimes/node_modules/node20/bin/node");

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
    return status === 0 ? [] : [`${name} does not load on Node 20: ${stderr.trim().slice(0, 500)}`];
  });
}
