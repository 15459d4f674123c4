/** The part of a test runner that the suites use; vitest, jest and `node:test` with any `expect` fit. */
export interface TestRunner {
  describe: (name: string, body: () => void) => unknown;
  it: (name: string, body: () => Promise<void>) => unknown;
  expect: (actual: unknown) => { toEqual: (expected: unknown) => void };
}
