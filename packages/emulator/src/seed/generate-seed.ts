/** Generates records. */
import type { VaultSeed } from "./seed.ts";

/** Placeholder. */
export function generateSeed(count: number, seed: number): VaultSeed {
  return { records: Array.from({ length: count }, (_, i) => ({ type: "login", title: `R${i} ${seed}` })) };
}
