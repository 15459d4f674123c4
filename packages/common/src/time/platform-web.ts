/** Randomness and elapsed time from the web's globals. */
import type { Random } from "./clock.ts";

/** Random bytes from WebCrypto, any length. */
export const platformRandom: Random = (length) => {
  const bytes = new Uint8Array(length);
  // The platform refuses more than 65 536 bytes at once.
  for (let at = 0; at < length; at += 65_536) crypto.getRandomValues(bytes.subarray(at, at + 65_536));
  return bytes;
};

/** Milliseconds that only go forward, with fractions. */
export const elapsedMs = (): number => performance.now();
