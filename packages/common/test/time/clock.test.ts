import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { backgroundSleep, platformSleep } from "../../src/time/clock.ts";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

describe.each([
  ["platformSleep", platformSleep, true],
  ["backgroundSleep", backgroundSleep, false],
])("%s", (_name, sleep, keepsAlive) => {
  it("waits as long as asked, and listens no longer", async () => {
    const controller = new AbortController();
    const removed = vi.spyOn(controller.signal, "removeEventListener");
    let isOver = false;
    const sleeping = sleep(1000, controller.signal).then(() => (isOver = true));
    await vi.advanceTimersByTimeAsync(999);
    expect(isOver).toBe(false);
    await vi.advanceTimersByTimeAsync(1);
    expect(await sleeping).toBe(true);
    expect(removed).toHaveBeenCalledOnce();
  });

  it("ends with the signal's reason and leaves no timer", async () => {
    const controller = new AbortController();
    const sleeping = sleep(1000, controller.signal);
    controller.abort(new RangeError("enough"));
    await expect(sleeping).rejects.toThrow("enough");
    await expect(sleep(1000, controller.signal)).rejects.toThrow("enough");
    expect(vi.getTimerCount()).toBe(0);
  });

  it.each([Infinity, 3e9])("does not end at once for being told %s ms", async (ms) => {
    const controller = new AbortController();
    const sleeping = sleep(ms, controller.signal);
    await vi.advanceTimersByTimeAsync(86_400_000);
    controller.abort(new RangeError("enough"));
    await expect(sleeping).rejects.toThrow("enough");
  });

  it("keeps the process alive, or does not", () => {
    const timers = vi.spyOn(globalThis, "setTimeout");
    void sleep(1000);
    const timer = timers.mock.results[0]?.value as NodeJS.Timeout;
    expect(timer.hasRef()).toBe(keepsAlive);
    clearTimeout(timer);
  });
});
