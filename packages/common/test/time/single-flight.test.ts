import { expect, it } from "vitest";
import { SingleFlight } from "../../src/time/single-flight.ts";

it("does the work once for all who join", async () => {
  let runs = 0;
  const flight = new SingleFlight(async () => ++runs);
  await expect(Promise.all([flight.join({}), flight.join({}), flight.join({})])).resolves.toEqual([1, 1, 1]);
});

it("fails for all who join, and for no one else", async () => {
  const failure = new TypeError("broken");
  const flight = new SingleFlight(() => Promise.reject(failure));
  await expect(flight.join({})).rejects.toBe(failure);
  await expect(flight.join({}, () => new Error("ended"))).rejects.toBe(failure);
  await expect(flight.settled).resolves.toBeUndefined();
});

it("a failure without any caller is no unhandled rejection", async () => {
  await expect(
    new SingleFlight(() => Promise.reject(new TypeError("broken"))).settled,
  ).resolves.toBeUndefined();
});

it("one caller leaves, the others get the result", async () => {
  let finish = (_value: string): void => {};
  const flight = new SingleFlight((signal) => {
    expect(signal.aborted).toBe(false);
    return new Promise<string>((resolve) => {
      finish = resolve;
    });
  });
  const controller = new AbortController();
  const leaving = flight.join({ signal: controller.signal });
  const staying = flight.join({});
  controller.abort(new TypeError("enough"));
  await expect(leaving).rejects.toThrow("enough");
  expect(flight.isGivenUp).toBe(false);
  finish("done");
  await expect(staying).resolves.toBe("done");
});

it("gives the work up when the last caller has gone", async () => {
  let given: AbortSignal | undefined;
  const flight = new SingleFlight((signal) => {
    given = signal;
    return new Promise<never>(() => {});
  });
  const ended = (deadline: { end: unknown }): unknown => new RangeError(`ended: ${String(deadline.end)}`);
  const controller = new AbortController();
  const all = Promise.allSettled([
    flight.join({ timeoutMs: 0 }, ended),
    flight.join({ signal: controller.signal }, ended),
  ]);
  expect(given?.aborted).toBe(false);
  controller.abort();
  expect(await all).toMatchObject([
    { reason: { message: "ended: timeout" } },
    { reason: { message: "ended: aborted" } },
  ]);
  expect([flight.isGivenUp, given?.aborted]).toEqual([true, true]);
});
