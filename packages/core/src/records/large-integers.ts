/** Integers beyond 2^53 in a record, which JavaScript numbers cannot hold: kept so that a save writes them back. */

/** What a number was read as, and how it was written; `null` for several that were read as the same. */
export type LargeIntegers = ReadonlyMap<number, string | null>;

/** Finds them in the record's JSON; `undefined` when there are none, which is nearly always. */
export function findLargeIntegers(json: string): LargeIntegers | undefined {
  if (!/\d{16}/.test(json)) return undefined;
  let found: Map<number, string | null> | undefined;
  const withoutText = json.replace(/"(?:[^"\\]|\\.)*"/g, '""');
  for (const [token] of withoutText.matchAll(/(?<![\d.eE+])-?\d{16,}(?![\d.eE])/g)) {
    const value = Number(token);
    if (Number.isSafeInteger(value)) continue;
    found ??= new Map();
    const known = found.get(value);
    found.set(value, known === undefined || known === token ? token : null);
  }
  return found;
}
