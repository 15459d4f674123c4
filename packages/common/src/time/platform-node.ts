/**
 * Randomness and elapsed time from Node itself. Touching the globals `crypto` and `performance` instead loads all of
 * WebCrypto and of the performance hooks, 5 ms in a short program (docs/decisions/0004-bundled-output.md).
 */
import type { Random } from "./clock.ts";

/** Random bytes from OpenSSL's generator, any length. */
export const platformRandom: Random = (length) =>
  process.getBuiltinModule("node:crypto").randomFillSync(new Uint8Array(length));

/** Milliseconds that only go forward, with fractions. */
export function elapsedMs(): number {
  const [seconds, nanoseconds] = process.hrtime();
  return seconds * 1000 + nanoseconds / 1e6;
}
