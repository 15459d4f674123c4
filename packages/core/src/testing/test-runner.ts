/** What the suites need of a test runner. */

/** The part of a test runner that the suite uses; vitest, jest and `node:test` with any `expect` fit. */
export interface TestRunner {
  describe: (name: string, body: () => void) => unknown;
  it: (name: string, body: () => Promise<void>) => unknown;
  expect: (actual: unknown) => { toEqual: (expected: unknown) => void };
}

/** Code of the error that work fails with; `none` when it succeeds. */
export async function codeOf(work: Promise<unknown>): Promise<string> {
  try {
    await work;
    return "none";
  } catch (error) {
    return typeof error === "object" && error !== null && "code" in error
      ? String(error.code)
      : String(error);
  }
}
