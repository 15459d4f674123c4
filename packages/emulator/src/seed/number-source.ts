/** Repeatable pseudo-random numbers for generated contents; never for keys. */

/** Draws from a 32-bit state: the same seed produces the same sequence everywhere. */
export class NumberSource {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /** An integer from 0 up to, but not including, `limit`. */
  below(limit: number): number {
    this.#state = (this.#state + 0x9e3779b9) >>> 0;
    let mixed = this.#state;
    mixed = Math.imul(mixed ^ (mixed >>> 16), 0x21f0aaad);
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97);
    return ((mixed ^ (mixed >>> 15)) >>> 0) % limit;
  }

  /** One of the items. */
  pick<Item>(items: readonly [Item, ...Item[]]): Item {
    return items[this.below(items.length)] ?? items[0];
  }

  /** Text of `length` characters out of an alphabet. */
  text(length: number, alphabet: string): string {
    let text = "";
    while (text.length < length) text += alphabet.charAt(this.below(alphabet.length));
    return text;
  }

  /** Bytes, in the form of a random source. */
  bytes(length: number): Uint8Array<ArrayBuffer> {
    return Uint8Array.from({ length }, () => this.below(256));
  }
}
