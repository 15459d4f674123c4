/** Integers beyond 2^53 in a record, which JavaScript numbers cannot hold: kept so that a save writes them back. */
import { JsonScanner } from "@ksmkit/common";

/** What a number was read as, and how it was written; `null` for several that were read as the same. */
export type LargeIntegers = ReadonlyMap<number, string | null>;

/**
 * Finds them in the record's JSON; `undefined` when there are none, which is nearly always.
 *
 * @param json text that has been parsed
 */
export function findLargeIntegers(json: string): LargeIntegers | undefined {
  // Spares nearly every record the walk. At most 16 steps for each character.
  if (!/\d{16}/.test(json)) return undefined;
  let found: Map<number, string | null> | undefined;
  const scanner = new JsonScanner(json);
  while (scanner.next() !== "end") {
    if (scanner.token !== "number" || scanner.end - scanner.start < 16) continue;
    const token = scanner.literal;
    const value = Number(token);
    if (Number.isSafeInteger(value) || !/^-?\d+$/.test(token)) continue;
    found ??= new Map();
    const known = found.get(value);
    found.set(value, known === undefined || known === token ? token : null);
  }
  return found;
}
