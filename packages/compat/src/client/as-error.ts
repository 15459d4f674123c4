/** Whatever was thrown, as an error. */
import { failure } from "../errors.ts";

export function asError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : failure(String(thrown));
}
