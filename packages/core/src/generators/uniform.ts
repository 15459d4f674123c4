/** Unbiased choice from a source of random bytes. */
import type { Random } from "@ksmkit/common";
import { GeneratorError } from "../errors/errors.ts";

/** Draws a whole number from 0 up to, not including, `below`, each equally likely. `below` is at most 2³². */
export type Draw = (below: number) => number;

const range = 2 ** 32;
/** A sound source is rejected less than half the time; this often in a row means that it is broken. */
const maxRejections = 64;

/**
 * Makes a {@link Draw} over a source of random bytes, read `batch` numbers at a time.
 *
 * A 32-bit number is used only below the largest multiple of `below`; the plain remainder would favour small
 * results. The source is read again instead.
 */
export function uniformDraw(random: Random, batch: number): Draw {
  let words = new DataView(new ArrayBuffer(0));
  let at = 0;
  const next = (): number => {
    if (at >= words.byteLength) {
      const bytes = random(4 * batch);
      words = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength & ~3);
      at = 0;
    }
    // A source that gave nothing counts as rejected.
    if (at >= words.byteLength) return range;
    at += 4;
    return words.getUint32(at - 4);
  };
  return (below) => {
    const limit = range - (range % below);
    for (let tries = 0; tries < maxRejections; tries++) {
      const word = next();
      if (word < limit) return word % below;
    }
    throw new GeneratorError(
      "ERR_KSM_PASSWORD_RULES_INVALID",
      "The source of random bytes does not deliver.",
    );
  };
}
