/** Base of what carries a key: reachable for this package, out of reach for who prints, copies or serialises it. */

import { Redacted } from "@ksmkit/common";

/** An opened item and its key. */
export abstract class KeyHolder extends Redacted {
  readonly #key: Uint8Array;

  constructor(key: Uint8Array) {
    super();
    this.#key = key;
  }

  /** The key of an item, 32 bytes. @internal */
  static keyOf(holder: KeyHolder): Uint8Array {
    return holder.#key;
  }
}
