import { expect, it } from "vitest";
import { TokenBucket } from "../../src/time/token-bucket.ts";
import { settle, SimulatedTime } from "./simulated-time.ts";

/** A bucket and the times at which calls passed it. */
function bucketOf(limit: number, windowMs: number, burst?: number) {
  const time = new SimulatedTime();
  const bucket = new TokenBucket({ limit, windowMs, burst, clock: time.clock, sleep: time.sleep });
  const passed: number[] = [];
  const call = async (): Promise<void> => {
    await bucket.take();
    passed.push(time.now);
  };
  return { time, bucket, passed, call };
}

it.each([
  [60, 60_000, undefined],
  [10, 1000, 10],
  [2, 1000, undefined],
  [1, 1000, undefined],
  [100, 10_000, 99],
])("%i in %i ms, burst %s: no window sees more than the limit", async (limit, windowMs, burst) => {
  const { time, passed, call } = bucketOf(limit, windowMs, burst);
  for (let i = 0; i < 4 * limit; i++) void call();
  await time.pass(10 * windowMs);
  expect(passed.length).toBeGreaterThanOrEqual(limit);
  for (const start of passed) {
    const within = passed.filter((at) => at >= start && at < start + windowMs);
    expect(within.length).toBeLessThanOrEqual(limit);
  }
});

it("lets a burst pass at once, then one after the other, first come first served", async () => {
  const { time, bucket } = bucketOf(10, 1000);
  const order: string[] = [];
  for (const name of ["a", "b", "c", "d"]) void bucket.take().then(() => order.push(`${name} ${time.now}`));
  await time.pass(1000);
  expect(order).toEqual(["a 0", "b 0", "c 125", "d 250"]);
});

it("says how long a call would wait, and takes only what is there", async () => {
  const { time, bucket } = bucketOf(10, 1000);
  expect([bucket.tryTake(), bucket.tryTake(), bucket.tryTake(), bucket.waitMs]).toEqual([
    true,
    true,
    false,
    125,
  ]);
  await time.pass(125);
  expect([bucket.waitMs, bucket.tryTake()]).toEqual([0, true]);
});

it("a refusal holds everybody, and no burst follows", async () => {
  const { time, bucket, passed, call } = bucketOf(10, 1000);
  bucket.hold(5000);
  expect(bucket.waitMs).toBe(5000);
  for (let i = 0; i < 3; i++) void call();
  await time.pass(10_000);
  expect(passed).toEqual([5000, 5125, 5250]);
});

it("takes a smaller limit from the service", async () => {
  const { time, bucket, passed, call } = bucketOf(60, 60_000);
  bucket.setLimit({ limit: 2, windowMs: 60_000 });
  for (let i = 0; i < 3; i++) void call();
  await time.pass(180_000);
  expect(passed).toEqual([0, 60_000, 120_000]);
});

it("who gives up takes nothing and holds nobody up", async () => {
  const { time, bucket, passed, call } = bucketOf(1, 1000);
  await call();
  const controller = new AbortController();
  const leaving = bucket.take({ signal: controller.signal }).catch((error: unknown) => error);
  void call();
  await settle();
  controller.abort(new RangeError("gone"));
  expect(await leaving).toMatchObject({ message: "gone" });
  await time.pass(5000);
  expect(passed).toEqual([0, 1000]);
});

it("a clock that goes back gives nothing", () => {
  let now = 1000;
  const bucket = new TokenBucket({ limit: 10, windowMs: 1000, burst: 1, clock: () => now });
  expect(bucket.tryTake()).toBe(true);
  now = 0;
  expect(bucket.tryTake()).toBe(false);
  now = 112;
  expect(bucket.tryTake()).toBe(true);
});
