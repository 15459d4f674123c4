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

/** A test by name, whose body gets a fixture of its own. */
export type FixtureTest<Fixture> = (name: string, body: (fixture: Fixture) => Promise<void>) => void;

/** Makes tests that each get a fresh fixture, which is cleaned up whatever happens. */
export function withFixture<Fixture extends { cleanup?: () => Promise<void> }>(
  runner: TestRunner,
  create: () => Promise<Fixture>,
): FixtureTest<Fixture> {
  return (name, body) => {
    runner.it(name, async () => {
      const fixture = await create();
      try {
        await body(fixture);
      } finally {
        await fixture.cleanup?.();
      }
    });
  };
}
