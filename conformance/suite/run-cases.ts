/** Runs cases one after the other; a case that never settles is a failure, not a hang. */
import type { ConformanceCase, Outcome } from "./conformance-case.ts";

const caseLimitMs = 30_000;

/** Runs every case; failures are outcomes. */
export async function runCases(cases: readonly ConformanceCase[]): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  for (const each of cases) {
    const { name } = each;
    try {
      await settle(each.run());
      outcomes.push({ name });
    } catch (error) {
      outcomes.push({ name, failure: describe(error) });
    }
  }
  return outcomes;
}

async function settle(work: Promise<void>): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const limit = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no result within ${caseLimitMs} ms`)), caseLimitMs);
  });
  try {
    await Promise.race([work, limit]);
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
