/** Runs cases one after the other; a case that never settles is a failure, not a hang. */
import type { ConformanceCase, Outcome } from "./conformance-case.ts";

const caseLimitMs = 30_000;

/** Runs every case; failures are outcomes. */
export async function runCases(cases: readonly ConformanceCase[]): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  for (const each of cases) {
    const { name } = each;
    try {
      await within(caseLimitMs, each.run());
      outcomes.push({ name });
    } catch (error) {
      outcomes.push({ name, failure: describe(error) });
    }
  }
  return outcomes;
}

/** Settles with `work`, or rejects after `limitMs`. */
export async function within<T>(limitMs: number, work: Promise<T>): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const limit = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no result within ${limitMs} ms`)), limitMs);
  });
  try {
    return await Promise.race([work, limit]);
  } finally {
    clearTimeout(timer);
  }
}

function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const code = "code" in error ? ` (${String(error.code)})` : "";
  const cause = error.cause === undefined ? "" : ` ← ${describe(error.cause)}`;
  return `${error.name}: ${error.message}${code}${cause}`;
}
