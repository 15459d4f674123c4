/** Where what was read comes from, and how old it is. */

/** Who answered: the service just now, or a cache. */
export type FreshnessSource = "service" | "cache";

/** How fresh an answer is. */
export interface Freshness {
  readonly source: FreshnessSource;
  /** When the service gave the answer, in milliseconds since the epoch. */
  readonly fetchedAt: number;
  /** How old the answer was when it was handed over, in milliseconds; 0 from the service. */
  readonly ageMs: number;
}
