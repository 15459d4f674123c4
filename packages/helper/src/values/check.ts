/** The kind of function that turns one supplied value into one stored value. */
import type { Place } from "../errors/place.ts";
import type { Problems } from "../errors/problems.ts";

/**
 * Checks one value and gives what is stored. `undefined` means that nothing is stored: the value was null, empty where
 * that means "none", or wrong, which the problems then say.
 */
export type Check = (value: unknown, place: Place, problems: Problems) => unknown;
