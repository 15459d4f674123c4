/** Text from outside, made fit for messages. */

/**
 * The text on one line without anything that disturbs a terminal or a log: each run of control characters, line
 * separators, invisible and direction marks and lone surrogates becomes one space. Use it for every text in a message
 * that the program did not write itself: uids, titles, labels, file names, words of a service.
 *
 * @param limit most UTF-16 units of the result. Default: 500
 * @returns "" for anything but text
 * @example
 * ```ts
 * printable("Web\u001b[2J\nshop"); // "Web [2J shop"
 * ```
 */
export function printable(value: unknown, limit = 500): string {
  if (typeof value !== "string") return "";
  // Bounded before it is searched, with room for what the replacement takes away.
  return cut(
    cut(value, 4 * limit)
      .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]+/gu, " ")
      .trim(),
    limit,
  );
}

/** The first `limit` units, not ending in half a character. */
function cut(text: string, limit: number): string {
  return text.length <= limit ? text : text.slice(0, limit).replace(/[\ud800-\udbff]$/, "");
}
