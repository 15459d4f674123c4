/** How a call ends, for comparing two packages. */

/** The value, or type and words of the error. */
export async function outcome(work: () => unknown): Promise<unknown> {
  try {
    return { value: await work() };
  } catch (error) {
    return { type: error instanceof Error ? error.constructor.name : typeof error, error: String(error) };
  }
}
