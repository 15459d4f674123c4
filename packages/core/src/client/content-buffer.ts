/** Memory for content whose length somebody announced, and who may have lied. */

/** What an announcement alone may make a client allocate; more follows what really arrives. */
const trustedBytes = 0x400_0000;
const firstBytes = 0x1_0000;

/** Collects pieces in one buffer of the announced length. */
export class ContentBuffer {
  readonly #announced: number;
  #bytes: Uint8Array<ArrayBuffer>;
  #length = 0;

  /**
   * @param announced length in bytes, as far as somebody said
   * @param maxBytes more than this cannot arrive
   */
  constructor(announced: number | undefined, maxBytes: number) {
    this.#announced = Math.max(0, Math.min(announced ?? 0, maxBytes));
    this.#bytes = new Uint8Array(Math.min(this.#announced, trustedBytes));
  }

  /** Adds a copy of a piece. */
  append(piece: Uint8Array): void {
    const length = this.#length + piece.length;
    if (length > this.#bytes.length) this.#grow(length);
    this.#bytes.set(piece, this.#length);
    this.#length = length;
  }

  /** The content; of the buffer itself when the announcement was right. */
  finish(): Uint8Array<ArrayBuffer> {
    return this.#length === this.#bytes.length ? this.#bytes : this.#bytes.slice(0, this.#length);
  }

  #grow(length: number): void {
    const doubled = Math.max(2 * this.#bytes.length, length, firstBytes);
    const grown = new Uint8Array(length <= this.#announced ? Math.min(doubled, this.#announced) : doubled);
    grown.set(this.#bytes.subarray(0, this.#length));
    this.#bytes = grown;
  }
}
