// @ts-check
/** Which declaration files consumers can reach: the compiler writes one for every source file. */
import { existsSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";

/**
 * The declaration files that `entries` lead to, themselves included.
 *
 * @param {Iterable<string>} entries Paths that end in `.d.ts`.
 * @returns {Set<string>} Normalised paths.
 */
export function reachableDeclarations(entries) {
  /** @type {Set<string>} */
  const reached = new Set();
  const pending = [...entries].map((path) => normalize(path));
  for (let path = pending.pop(); path !== undefined; path = pending.pop()) {
    if (reached.has(path) || !existsSync(path)) continue;
    reached.add(path);
    for (const [, target] of readFileSync(path, "utf8").matchAll(/["'](\.{1,2}\/[^"'\n]+)\.[jt]s["']/g)) {
      pending.push(join(dirname(path), `${target}.d.ts`));
    }
  }
  return reached;
}

/**
 * The declaration files that entries of an `exports` map name.
 *
 * @param {Record<string, string | Record<string, string>>} exports
 */
export function declarationEntries(exports) {
  return Object.values(exports).flatMap((target) =>
    typeof target === "string" || target["types"] === undefined ? [] : [target["types"]],
  );
}
