import { expect, it } from "vitest";
import { PollScheduler, type PollSchedulerOptions } from "../../src/time/poll-scheduler.ts";
import { always, settle, SimulatedTime } from "./simulated-time.ts";

function schedulerOf(more: Partial<PollSchedulerOptions> = {}) {
  const time = new SimulatedTime();
  const polls: number[] = [];
  const errors: unknown[] = [];
  const scheduler = new PollScheduler({
    intervalMs: 15_000,
    minIntervalMs: 10_000,
    onError: (error) => errors.push(error),
    clock: time.clock,
    sleep: time.sleep,
    random: always(0),
    ...more,
    async poll(signal) {
      polls.push(time.now);
      return more.poll?.(signal);
    },
  });
  return { time, polls, errors, scheduler };
}

it("polls at once, then after each interval", async () => {
  const { time, polls, scheduler } = schedulerOf();
  scheduler.start();
  scheduler.start();
  await time.pass(50_000);
  expect(polls).toEqual([0, 15_000, 30_000, 45_000]);
  expect(scheduler.isRunning).toBe(true);
  await scheduler.close();
  expect([scheduler.isRunning, time.sleeping]).toEqual([false, 0]);
});

it("spreads waits upwards only", async () => {
  const { time, polls, scheduler } = schedulerOf({ random: always(255) });
  scheduler.start();
  await time.pass(40_000);
  expect(polls).toEqual([0, 16_500, 33_000]);
});

it("keeps the distance whatever is added and removed", async () => {
  const { time, polls, scheduler } = schedulerOf();
  scheduler.start();
  for (let i = 0; i < 100; i++) {
    await time.pass(333);
    if (i % 3 === 0) scheduler.stop();
    if (i % 3 === 1) scheduler.start();
    if (i % 3 === 2) scheduler.pollSoon();
    expect(time.sleeping).toBeLessThanOrEqual(1);
  }
  expect(polls.length).toBeGreaterThan(2);
  for (const [i, at] of polls.entries())
    expect(at - (polls[i - 1] ?? -Infinity)).toBeGreaterThanOrEqual(10_000);
});

it("polls sooner on request, and takes another interval during the wait", async () => {
  const { time, polls, scheduler } = schedulerOf();
  scheduler.start();
  await time.pass(1000);
  scheduler.pollSoon();
  await time.pass(10_000);
  expect(polls).toEqual([0, 10_000]);
  scheduler.setInterval(60_000);
  await time.pass(69_000);
  expect(polls).toEqual([0, 10_000, 70_000]);
  scheduler.setInterval(1000);
  await time.pass(5000);
  expect(polls).toEqual([0, 10_000, 70_000, 80_000]);
});

it("plans the next poll when the last has ended; two never overlap", async () => {
  const { time, polls, scheduler } = schedulerOf({ poll: () => time.sleep(20_000) });
  scheduler.start();
  await time.pass(19_000);
  scheduler.pollSoon();
  scheduler.stop();
  scheduler.start();
  await time.pass(30_000);
  expect(polls).toEqual([0, 30_000]);
});

it("waits as long as a poll asks, never less, even on request", async () => {
  const { time, polls, scheduler } = schedulerOf({
    poll: async () => (time.now === 0 ? 100_000 : undefined),
  });
  scheduler.start();
  await time.pass(1000);
  scheduler.pollSoon();
  scheduler.stop();
  scheduler.start();
  await time.pass(120_000);
  expect(polls).toEqual([0, 100_000, 115_000]);
});

it("reports a failed poll and goes on", async () => {
  const failure = new TypeError("broken");
  const { time, polls, errors, scheduler } = schedulerOf({ poll: () => Promise.reject(failure) });
  scheduler.start();
  await time.pass(20_000);
  expect([polls, errors]).toEqual([
    [0, 15_000],
    [failure, failure],
  ]);
});

it("close aborts the poll under way, waits for it, and cannot be undone", async () => {
  let ended = false;
  const { time, polls, errors, scheduler } = schedulerOf({
    poll: (signal) =>
      new Promise((_resolve, reject) => {
        signal.addEventListener("abort", () => {
          ended = true;
          reject(signal.reason as Error);
        });
      }),
  });
  scheduler.start();
  await settle();
  await scheduler.close();
  expect([ended, errors]).toEqual([true, []]);
  scheduler.start();
  await time.pass(60_000);
  expect(polls).toEqual([0]);
});
