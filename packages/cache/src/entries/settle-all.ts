/** Waits for all of several pieces of work, also after one has failed; then fails as the first that did. */
export async function settleAll(work: Iterable<Promise<unknown>>): Promise<void> {
  for (const outcome of await Promise.allSettled(work)) {
    if (outcome.status === "rejected") throw outcome.reason;
  }
}
