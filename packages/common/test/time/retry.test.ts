import { describe, expect, it } from "vitest";
import { Deadline } from "../../src/time/deadline.ts";
import { retry, type RetryNotice, type RetryOptions } from "../../src/time/retry.ts";
import { always } from "./simulated-time.ts";

const busy = new TypeError("busy");

/** Runs work that fails so many times; gives what came of it, the waits and the notices. */
async function run(failures: number, more: Partial<RetryOptions> = {}) {
  const waits: number[] = [];
  const notices: RetryNotice[] = [];
  let calls = 0;
  const outcome = await retry(
    async (attempt) => {
      calls++;
      if (attempt <= failures) throw busy;
      return `attempt ${attempt}`;
    },
    {
      attempts: 4,
      backoff: { baseMs: 1000 },
      isRetryable: (error) => error === busy,
      onRetry: (notice) => notices.push(notice),
      random: always(0),
      sleep: async (ms) => {
        waits.push(ms);
      },
      ...more,
    },
  ).catch((error: unknown) => error);
  return { outcome, calls, waits, notices };
}

describe("retry", () => {
  it("repeats until it succeeds, waiting longer each time", async () => {
    expect(await run(0)).toMatchObject({ outcome: "attempt 1", waits: [] });
    expect(await run(3)).toMatchObject({ outcome: "attempt 4", waits: [1000, 2000, 4000] });
  });

  it("throws the last error when no attempt is left, or what is made of it", async () => {
    expect(await run(4)).toMatchObject({ outcome: busy, calls: 4, waits: [1000, 2000, 4000] });
    const made = await run(4, {
      toError: ({ attempts, delayMs }) => `${attempts} attempts, next in ${delayMs}`,
    });
    expect(made.outcome).toBe("4 attempts, next in 8000");
  });

  it("throws at once what does not pass", async () => {
    expect(await run(2, { isRetryable: () => false })).toMatchObject({ outcome: busy, calls: 1 });
    expect(await run(9, { isRetryable: (_error, attempts) => attempts < 2 })).toMatchObject({ calls: 2 });
  });

  it("never undercuts a named delay, whatever the own ones are", async () => {
    const longer = { isRetryable: () => 300_000, random: always(255) };
    expect(await run(2, longer)).toMatchObject({ waits: [374_999, 374_999] });
    expect(await run(1, { isRetryable: () => 50 })).toMatchObject({
      waits: [50],
      notices: [{ namedMs: 50 }],
    });
  });

  it("fails at once, with the named delay, when that does not fit the deadline", async () => {
    const deadline = new Deadline({ timeoutMs: 60_000 });
    const toError = ({ namedMs, delayMs }: RetryNotice): unknown => [namedMs, delayMs];
    const { outcome, calls, waits } = await run(1, { isRetryable: () => 3_600_000, deadline, toError });
    deadline.stop();
    expect([outcome, calls, waits]).toEqual([[3_600_000, 3_600_000], 1, []]);
  });

  it("reports each wait before it begins; what the report throws ends the call", async () => {
    const { notices } = await run(2);
    expect(notices).toEqual([
      { attempts: 1, delayMs: 1000, namedMs: undefined, error: busy },
      { attempts: 2, delayMs: 2000, namedMs: undefined, error: busy },
    ]);
    const enough = new RangeError("enough");
    const onRetry = (): never => {
      throw enough;
    };
    expect(await run(2, { onRetry })).toMatchObject({ outcome: enough, waits: [] });
  });

  it("repeats nothing once the caller has gone, and passes the signal to the wait", async () => {
    const deadline = new Deadline({ signal: AbortSignal.abort() });
    expect(await run(2, { deadline })).toMatchObject({ outcome: busy, calls: 1 });
    const controller = new AbortController();
    const running = new Deadline({ signal: controller.signal });
    const gone = new RangeError("gone");
    const { outcome } = await run(2, {
      deadline: running,
      sleep: async (_ms, signal) => {
        controller.abort(gone);
        signal?.throwIfAborted();
      },
    });
    expect(outcome).toBe(gone);
  });
});
