/**
 * One walk of the key tree for every platform: the walk is a generator that yields batches of sealed
 * values and receives them opened; who runs it decides whether that waits.
 */
import type { CryptoProvider, SealedItem } from "../crypto/provider.ts";

/** A batch, opened: each result at its item's place, `null` where one does not open. */
export type Opened = readonly (Uint8Array | null)[];

/** A walk that needs sealed values opened, batch by batch. */
export type Opening = Generator<readonly SealedItem[], void, Opened>;

/** Runs a walk with the platform's batches; to its end before returning, where those are synchronous. */
export async function runOpening(opening: Opening, crypto: CryptoProvider): Promise<void> {
  let step = opening.next();
  while (!step.done) {
    const opened = crypto.openAll(step.value);
    step = opening.next(Array.isArray(opened) ? opened : await opened);
  }
}

/** Runs a walk without waiting, where the platform can. */
export function runOpeningSync(opening: Opening, openGcm: NonNullable<CryptoProvider["openGcmSync"]>): void {
  let step = opening.next();
  while (!step.done) step = opening.next(step.value.map((item) => openGcm(item.key, item.blob)));
}
