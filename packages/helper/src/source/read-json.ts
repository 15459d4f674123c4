/**
 * JSON (RFC 8259) with more than `JSON.parse`: the place of every member, an error for a repeated key, and whole numbers
 * beyond 2^53 without loss, as `bigint`.
 */
import { setMember } from "../values/copy-json.ts";
import { positionAt, SourceMap, type SourceDocument, type SourceFault } from "./source-map.ts";

const maxDepth = 200;
const blank = /[ \t\n\r]*/y;
const number = /-?(?:0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?/y;
const words: ReadonlyMap<string, unknown> = /* @__PURE__ */ new Map<string, unknown>([
  ["true", true],
  ["false", false],
  ["null", null],
]);

/** Reads one JSON text. A byte order mark at its start is skipped. */
export function readJson(text: string): SourceDocument {
  return new JsonReader(text).read();
}

/** Reads by recursive descent. A method that returns `undefined`, which no JSON value is, has recorded a fault. */
class JsonReader {
  readonly #text: string;
  readonly #map: SourceMap;
  #at = 0;
  #fault: SourceFault | undefined;

  constructor(text: string) {
    this.#text = text;
    this.#map = new SourceMap(text);
  }

  read(): SourceDocument {
    if (this.#text.startsWith("\uFEFF")) this.#at = 1;
    const value = this.#value(0);
    this.#skipBlanks();
    if (!this.#fault && this.#at < this.#text.length) this.#fail("nothing may follow the value");
    if (this.#fault) return { fault: this.#fault };
    this.#map.root = value;
    return { value, map: this.#map };
  }

  #value(depth: number): unknown {
    this.#skipBlanks();
    const char = this.#text[this.#at];
    if (depth > maxDepth) return this.#fail(`at most ${maxDepth} levels are read`);
    if (char === "{") return this.#object(depth);
    if (char === "[") return this.#array(depth);
    if (char === '"') return this.#string();
    if (char !== undefined && /[-\d]/.test(char)) return this.#number();
    for (const [word, value] of words) {
      if (this.#text.startsWith(word, this.#at)) {
        this.#at += word.length;
        return value;
      }
    }
    return this.#fail(char === undefined ? "the text ends where a value is expected" : "a value is expected");
  }

  #object(depth: number): unknown {
    const object: Record<string, unknown> = {};
    const seen = new Set<string>();
    this.#at++;
    if (this.#take("}")) return object;
    do {
      this.#skipBlanks();
      const start = this.#at;
      const key =
        this.#text[start] === '"' ? this.#string() : this.#fail("a key in double quotes is expected");
      if (key === undefined) return undefined;
      if (seen.has(key)) return this.#fail("this key is repeated in the object", start);
      seen.add(key);
      if (!this.#take(":")) return this.#fail("a colon is expected");
      if (!this.#member(object, key, depth)) return undefined;
    } while (this.#take(","));
    return this.#take("}") ? object : this.#fail("a comma or a closing brace is expected");
  }

  #array(depth: number): unknown {
    const array: unknown[] = [];
    this.#at++;
    if (this.#take("]")) return array;
    do if (!this.#member(array, array.length, depth)) return undefined;
    while (this.#take(","));
    return this.#take("]") ? array : this.#fail("a comma or a closing bracket is expected");
  }

  #member(container: unknown[] | Record<string, unknown>, key: string | number, depth: number): boolean {
    this.#skipBlanks();
    this.#map.note(container, key, this.#at);
    const value = this.#value(depth + 1);
    if (value === undefined) return false;
    if (Array.isArray(container)) container.push(value);
    else setMember(container, String(key), value);
    return true;
  }

  #string(): string | undefined {
    let end = this.#at;
    do end = this.#text.indexOf('"', end + 1);
    while (end >= 0 && this.#isEscaped(end));
    if (end < 0) return this.#fail("this text has no end");
    try {
      // The platform decodes the escapes; only the end of the text is found here.
      const value = JSON.parse(this.#text.slice(this.#at, end + 1)) as string;
      this.#at = end + 1;
      return value;
    } catch {
      return this.#fail("this text holds a raw control character or a bad escape");
    }
  }

  #isEscaped(quote: number): boolean {
    let backslashes = 0;
    while (this.#text[quote - 1 - backslashes] === "\\") backslashes++;
    return backslashes % 2 === 1;
  }

  #number(): unknown {
    const token = this.#match(number);
    if (token === undefined) return this.#fail("this is no number");
    const value = Number(token);
    if (!Number.isFinite(value)) return this.#fail("this number is too large", this.#at - token.length);
    return Number.isInteger(value) && !Number.isSafeInteger(value) && /^-?\d+$/.test(token)
      ? BigInt(token)
      : value;
  }

  #match(token: RegExp): string | undefined {
    token.lastIndex = this.#at;
    const found = token.exec(this.#text)?.[0];
    if (found !== undefined) this.#at += found.length;
    return found;
  }

  #take(char: string): boolean {
    this.#skipBlanks();
    if (this.#text[this.#at] !== char) return false;
    this.#at++;
    return true;
  }

  #skipBlanks(): void {
    this.#match(blank);
  }

  #fail(message: string, at = this.#at): undefined {
    this.#fault ??= { message, position: positionAt(this.#text, at) };
    return undefined;
  }
}
