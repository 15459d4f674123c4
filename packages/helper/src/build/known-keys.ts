/** Keys that nobody reads: a misspelt one would lose what it holds. */
import type { JsonObject } from "@ksmkit/common";
import type { Place } from "../errors/place.ts";
import type { Problems } from "../errors/problems.ts";

/** Notes every key of an object that is not among the known ones. */
export function refuseUnknownKeys(
  object: JsonObject,
  known: readonly string[],
  place: Place,
  problems: Problems,
): void {
  for (const key in object) {
    if (!Object.hasOwn(object, key) || known.includes(key)) continue;
    problems.add(
      "ERR_HELPER_UNKNOWN_KEY",
      place.child(key),
      `is not read here; there are ${known.join(", ")}`,
    );
  }
}
