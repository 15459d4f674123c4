/** A GCM blob that arrives in pieces of any size: `nonce(12) ‖ ciphertext ‖ tag(16)` (ksm-protocol section 8.3). */
import { concatBytes } from "@ksmkit/common";
import type { GcmOpener, GcmStream } from "./gcm-stream.ts";

const nonceLength = 12;
const tagLength = 16;

/** Opens a blob piece by piece. Only the last piece shows where the tag starts, so 16 bytes are always held back. */
export class BlobOpener {
  readonly #create: (nonce: Uint8Array) => GcmOpener;
  #opener: GcmOpener | undefined;
  /** What may still be the nonce, later the tag. */
  #held: Uint8Array = new Uint8Array();

  constructor(key: Uint8Array, { createOpener }: GcmStream) {
    this.#create = (nonce) => createOpener(key, nonce);
  }

  /** Takes the next piece; the plaintext that it returns is unproven until {@link BlobOpener.end}. */
  push(chunk: Uint8Array): Uint8Array[] {
    let rest = chunk;
    if (this.#opener === undefined) {
      const start = concatBytes(this.#held, chunk);
      if (start.length < nonceLength) {
        this.#held = start;
        return [];
      }
      this.#opener = this.#create(start.subarray(0, nonceLength));
      this.#held = new Uint8Array();
      rest = start.subarray(nonceLength);
    }
    const ready = this.#held.length + rest.length - tagLength;
    if (ready <= 0) {
      this.#held = concatBytes(this.#held, rest);
      return [];
    }
    // Two small pieces instead of one copy of everything.
    const fromHeld = this.#held.subarray(0, ready);
    const fromRest = rest.subarray(0, ready - fromHeld.length);
    const opener = this.#opener;
    const opened = [fromHeld, fromRest].filter(({ length }) => length > 0).map((part) => opener.update(part));
    this.#held = concatBytes(this.#held.subarray(fromHeld.length), rest.subarray(fromRest.length));
    return opened;
  }

  /** True when the blob was whole and its tag proves everything that {@link BlobOpener.push} gave. */
  end(): boolean {
    return this.#held.length === tagLength && this.#opener?.end(this.#held) === true;
  }
}
