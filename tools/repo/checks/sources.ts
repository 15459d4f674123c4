/** House rules that no linter knows: file length, bare errors, machine paths, registry hosts. */
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../workspace.ts";

const lineLimit = 400;
/** A file that is one table says so in its first lines, and may be longer. */
const declaredTable = /^\s*(?:\/\*\*|\/\/|\*).*\btable\b/im;

const forbidden: readonly { pattern: RegExp; where: RegExp; fault: string }[] = [
  {
    pattern: /throw new (?:Type|Range)?Error\(/,
    where: /^packages\/[^/]+\/src\//,
    fault: "throws a bare error",
  },
  { pattern: /\bTODO\b|\bFIXME\b/, where: /^(?:packages|apps)\//, fault: "has an open end" },
  { pattern: /\/(?:work|root|home\/\w+)\//, where: /./, fault: "names a path of one machine" },
  { pattern: /:\/\/registry\./, where: /./, fault: "names a package registry" },
  { pattern: /\b(?:it|test|describe)\.(?:only|todo)\(/, where: /\.test\.ts$/, fault: "leaves tests out" },
];

/** Faults of every tracked text file. */
export function checkSources(): string[] {
  const files = execFileSync("git", ["ls-files", "-z", "--cached", "--others", "--exclude-standard"], {
    cwd: root,
    encoding: "utf8",
  })
    .split("\0")
    .filter((file) => /\.(?:ts|mjs|js|json|md|yaml|yml)$|\.ci\/run$/.test(file))
    .filter((file) => !/pnpm-lock|test\/vectors\/[^/]+\.json$|tools\/repo\/checks\/sources\.ts$/.test(file));
  const faults: string[] = [];
  for (const file of files) {
    const text = readFileSync(join(root, file), "utf8");
    const lines = text.split("\n");
    if (
      /\/src\/.*\.ts$/.test(file) &&
      lines.length > lineLimit &&
      !declaredTable.test(lines.slice(0, 5).join("\n"))
    ) {
      faults.push(`${file} has ${lines.length} lines, more than ${lineLimit}`);
    }
    for (const { pattern, where, fault } of forbidden) {
      if (!where.test(file)) continue;
      const at = lines.findIndex((line) => pattern.test(line));
      if (at >= 0) faults.push(`${file}:${at + 1} ${fault}`);
    }
  }
  return faults;
}
