/** Walks over JSON text token by token, for what `JSON.parse` does not keep: how a number was written, where it stands. */

/** What a token is. Commas and colons are no tokens; a string in front of a colon is a `name`. */
export type JsonToken =
  | "{"
  | "}"
  | "["
  | "]"
  | "name"
  | "string"
  | "number"
  | "true"
  | "false"
  | "null"
  | "end";

const quote = 0x22;
const backslash = 0x5c;
const colon = 0x3a;

/**
 * Finds one token after the other, in time linear in the text and in constant memory, however deep it nests.
 *
 * The text is one that `JSON.parse` accepts, which is what checks it. Any other text is walked to its end all the
 * same, but its tokens mean nothing.
 *
 * @example
 * ```ts
 * const scanner = new JsonScanner('{"id": 12345678901234567890}');
 * while (scanner.next() !== "end") if (scanner.token === "number") use(scanner.literal);
 * ```
 */
export class JsonScanner {
  /** The token found last; `end` before the first and after the last. */
  token: JsonToken = "end";
  /** Where the token starts in the text. */
  start = 0;
  /** Where what follows the token starts. */
  end = 0;
  /** How many objects and arrays are open: of a bracket, those around it. */
  depth = 0;
  readonly #text: string;
  #open = 0;

  constructor(text: string) {
    this.#text = text;
  }

  /** The token as it is written. */
  get literal(): string {
    return this.#text.slice(this.start, this.end);
  }

  /** Goes to the next token. */
  next(): JsonToken {
    const text = this.#text;
    for (let at = this.end; at < text.length; at++) {
      const token = tokenAt(text.charCodeAt(at));
      if (token === undefined) continue;
      this.start = at;
      if (token === "}" || token === "]") this.#open--;
      this.depth = this.#open;
      if (token === "{" || token === "[") this.#open++;
      this.end = tokenEnd(text, at, token);
      return (this.token = token === "string" && isFollowedByColon(text, this.end) ? "name" : token);
    }
    this.start = this.end = text.length;
    this.depth = 0;
    return (this.token = "end");
  }
}

/** The kind of the token that starts with this character; `undefined` for what stands between tokens. */
function tokenAt(code: number): JsonToken | undefined {
  switch (code) {
    case quote:
      return "string";
    case 0x7b:
      return "{";
    case 0x7d:
      return "}";
    case 0x5b:
      return "[";
    case 0x5d:
      return "]";
    case 0x74:
      return "true";
    case 0x66:
      return "false";
    case 0x6e:
      return "null";
    case 0x2d:
      return "number";
    default:
      return code >= 0x30 && code <= 0x39 ? "number" : undefined;
  }
}

function tokenEnd(text: string, start: number, token: JsonToken): number {
  if (token === "string") return stringEnd(text, start);
  if (token !== "number") return start + token.length;
  let end = start + 1;
  while (end < text.length && isOfNumber(text.charCodeAt(end))) end++;
  return end;
}

/** True for digits and `.`, `+`, `-`, `e`, `E`. */
function isOfNumber(code: number): boolean {
  return (
    (code >= 0x30 && code <= 0x39) ||
    code === 0x2e ||
    code === 0x2b ||
    code === 0x2d ||
    (code | 0x20) === 0x65
  );
}

/** Where the string that opens at `start` is over, its closing quote included. */
export function stringEnd(text: string, start: number): number {
  for (let at = start; ;) {
    at = text.indexOf('"', at + 1);
    if (at < 0) return text.length;
    // A quote after an odd number of backslashes belongs to the string. No backslash is counted for two quotes.
    let before = at;
    while (text.charCodeAt(before - 1) === backslash) before--;
    if ((at - before) % 2 === 0) return at + 1;
  }
}

function isFollowedByColon(text: string, end: number): boolean {
  let at = end;
  // Blank, tab, line feed, carriage return: all JSON knows.
  while (at < text.length && text.charCodeAt(at) <= 0x20) at++;
  return text.charCodeAt(at) === colon;
}
