/** House rules that no linter knows: bare errors, machine paths, registry hosts. */
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../workspace.ts";

const forbidden: readonly { pattern: RegExp; where: RegExp; fault: string }[] = [
  {
    pattern: /throw new (?:Type|Range)?Error\(/,
    where: /^packages\/[^/]+\/src\//,
    fault: "throws a bare error",
  },
  { pattern: /\/(?:work|root|home\/\w+)\//, where: /./, fault: "names a path of one machine" },
  { pattern: /:\/\/registry\./, where: /./, fault: "names a package registry" },
];

/** Faults of every tracked text file. */
export function checkSources(): string[] {
  const files = execFileSync("git", ["ls-files", "-z", "--cached", "--others", "--exclude-standard"], {
    cwd: root,
    encoding: "utf8",
  })
    .split("\0")
    .filter((file) => /\.(?:ts|mjs|js|json|md|yaml|yml)$|\.ci\/run$/.test(file))
    .filter((file) => existsSync(join(root, file)))
    .filter((file) => !/pnpm-lock|test\/vectors\/[^/]+\.json$|tools\/repo\/checks\/sources\.ts$/.test(file));
  const faults: string[] = [];
  for (const file of files) {
    const text = readFileSync(join(root, file), "utf8");
    const lines = text.split("\n");
    for (const { pattern, where, fault } of forbidden) {
      if (!where.test(file)) continue;
      const at = lines.findIndex((line) => pattern.test(line));
      if (at >= 0) faults.push(`${file}:${at + 1} ${fault}`);
    }
  }
  return faults;
}
