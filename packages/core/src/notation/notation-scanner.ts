/** Cuts notation text into sections and resolves escapes (ksm-protocol section 17.1, scanner rules). */
import { decodeBase64, equalBytes, utf8Bytes, utf8Text } from "@ksmkit/common";
import { NotationError } from "../errors/errors.ts";

/** A cursor over one notation. */
export class NotationScanner {
  readonly #notation: string;
  readonly #source: string;
  #position = 0;

  /** @throws {@link NotationError} `ERR_KSM_NOTATION_INVALID` for text that is empty or neither plain nor base64. */
  constructor(notation: string) {
    this.#notation = typeof notation === "string" ? notation : "";
    if (this.#notation === "") throw this.error("Keeper notation is missing or invalid.");
    // Every notation has a slash, so text without one can only be the packed form.
    const source = this.#notation.includes("/") ? this.#notation : decodeText(this.#notation);
    if (source === null) {
      throw this.error(
        "Invalid format of Keeper notation - plaintext URI or URL safe base64 string expected.",
      );
    }
    this.#source = source;
    if (/^keeper:\/\//i.test(source)) this.#position = 9;
  }

  /** Where the cursor stands, zero-based, in the decoded notation. */
  get position(): number {
    return this.#position;
  }

  /** True when nothing is left. */
  get atEnd(): boolean {
    return this.#position >= this.#source.length;
  }

  /** The text as it was written between two positions, escapes and delimiters included. */
  written(from: number, to: number): string {
    return this.#source.slice(from, to);
  }

  /** Makes the error for a fault at a position. The text itself stays out of the message. */
  error(message: string, position?: number, hint?: string): NotationError {
    return new NotationError("ERR_KSM_NOTATION_INVALID", message, {
      notation: this.#notation,
      position,
      hint,
    });
  }

  /** Steps over the delimiter that ended a section. */
  skip(): void {
    this.#position++;
  }

  /** Reads up to the next slash. Escapes mean nothing here. */
  readSelector(): string {
    const slash = this.#source.indexOf("/", this.#position);
    const end = slash < 0 ? this.#source.length : slash;
    const text = this.#source.slice(this.#position, end);
    this.#position = end;
    return text;
  }

  /** Reads up to an unescaped `stop`, which is left for the next section. */
  readText(stop: "/" | "[" | "]"): string {
    const source = this.#source;
    let text = "";
    let from = this.#position;
    let at = from;
    for (; at < source.length && source[at] !== stop; at++) {
      if (stop === "]" && source[at] === "[") {
        throw this.error("Notation parser: Index sections do not allow extra '[' inside.", at);
      }
      if (source[at] !== "\\") continue;
      if (!/[/[\]\\]/.test(source.charAt(at + 1))) {
        throw this.error(`Notation parser: Incorrect escape sequence at position ${at}`, at);
      }
      text += source.slice(from, at);
      from = ++at;
    }
    this.#position = at;
    return text + source.slice(from, at);
  }

  /** Reads a bracketed section; `undefined` when nothing is left. */
  readIndex(): string | undefined {
    if (this.atEnd) return undefined;
    const start = this.#position;
    if (this.#source[start] !== "[") {
      throw this.error("Notation parser: Index sections must start with '['", start);
    }
    this.skip();
    const text = this.readText("]");
    if (this.atEnd) {
      throw this.error("Notation parser: Index sections must be enclosed in '[' and ']'", start);
    }
    this.skip();
    return text;
  }
}

/** Text from base64 of UTF-8; `null` when it is not that. */
function decodeText(base64: string): string | null {
  const bytes = decodeBase64(base64);
  const text = bytes && utf8Text(bytes);
  return bytes && text && equalBytes(utf8Bytes(text), bytes) ? text : null;
}
