/** "Did you mean": the known name nearest to a misspelt one. */

/** Longer names are not compared: the cost grows with the square. */
const longest = 64;

/**
 * The known name that one is most likely a misspelling of; `undefined` when none is near: one mistake in three
 * characters is allowed. A letter too many, missing, wrong, or swapped with the next is one mistake (Damerau 1964); all
 * letters by which one name is longer at its start or end are one and a half; another case is none. Of names equally
 * near, the first.
 *
 * @example
 * ```ts
 * nearestName("titel", ["title", "notes"]); // "title"
 * ```
 */
export function nearestName(name: string, known: Iterable<string>): string | undefined {
  const wanted = name.toLowerCase();
  if (wanted.length > longest) return undefined;
  let nearest: string | undefined;
  let fewest = Math.max(1, Math.floor(wanted.length / 3)) + 1;
  for (const candidate of known) {
    const given = candidate.toLowerCase();
    const mistakes = isPart(wanted, given) ? 1.5 : distance(wanted, given, fewest);
    // A name of which nothing is right is another name.
    if (mistakes >= fewest || mistakes >= candidate.length) continue;
    nearest = candidate;
    fewest = mistakes;
  }
  return nearest;
}

/** Whether one name is the start or end of the other, as `timeout` of `timeoutMs`. */
function isPart(a: string, b: string): boolean {
  const [part, whole] = a.length < b.length ? [a, b] : [b, a];
  return part.length >= 3 && part.length < whole.length && (whole.startsWith(part) || whole.endsWith(part));
}

/**
 * The least mistakes that make one text of the other, row by row; three rows are at hand at a time.
 *
 * @param enough any number from here on will do when the lengths alone differ by so many
 */
function distance(a: string, b: string, enough: number): number {
  if (Math.abs(a.length - b.length) >= enough) return enough;
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const wrong = a[i - 1] === b[j - 1] ? 0 : 1;
      let least = Math.min(at(last, j) + 1, at(row, j - 1) + 1, at(last, j - 1) + wrong);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        least = Math.min(least, at(beforeLast, j - 2) + 1);
      row.push(least);
    }
    beforeLast = last;
    last = row;
  }
  return at(last, b.length);
}

function at(row: readonly number[], index: number): number {
  return row[index] ?? 0;
}
