import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { platformRandom, platformSleep } from "../../src/time/clock.ts";
import { Deadline } from "../../src/time/deadline.ts";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

describe("Deadline", () => {
  it("aborts its signal when the time is up", () => {
    using deadline = new Deadline({ timeoutMs: 1000 });
    vi.advanceTimersByTime(999);
    expect(deadline.signal.aborted).toBe(false);
    vi.advanceTimersByTime(1);
    expect(deadline.end).toBe("timeout");
    expect(deadline.signal.reason).toMatchObject({ name: "TimeoutError" });
    expect(deadline.remainingMs).toBe(0);
  });

  it("passes on the caller's abort and its reason", () => {
    const controller = new AbortController();
    using deadline = new Deadline({ signal: controller.signal, timeoutMs: 1000 });
    const reason = new Error("enough");
    controller.abort(reason);
    expect(deadline.end).toBe("aborted");
    expect(deadline.signal.reason).toBe(reason);
  });

  it("is over at once when the caller had aborted before", () => {
    using deadline = new Deadline({ signal: AbortSignal.abort() });
    expect(deadline.end).toBe("aborted");
  });

  it("keeps the first end", () => {
    const controller = new AbortController();
    using deadline = new Deadline({ signal: controller.signal, timeoutMs: 10 });
    vi.advanceTimersByTime(10);
    controller.abort();
    expect(deadline.end).toBe("timeout");
  });

  it("leaves neither timer nor listener behind when disposed", () => {
    const controller = new AbortController();
    const remove = vi.spyOn(controller.signal, "removeEventListener");
    new Deadline({ signal: controller.signal, timeoutMs: 1000 })[Symbol.dispose]();
    expect(vi.getTimerCount()).toBe(0);
    expect(remove).toHaveBeenCalledOnce();
  });

  it("has no limit unless one is given", () => {
    using deadline = new Deadline({});
    expect(deadline.remainingMs).toBe(Infinity);
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe("platformSleep", () => {
  it("resolves after the time", async () => {
    const done = vi.fn<() => void>();
    void platformSleep(50).then(done);
    await vi.advanceTimersByTimeAsync(49);
    expect(done).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(1);
    expect(done).toHaveBeenCalledOnce();
  });

  it("rejects with the signal's reason and stops its timer", async () => {
    const controller = new AbortController();
    const sleeping = platformSleep(50, controller.signal);
    const reason = new Error("stop");
    controller.abort(reason);
    await expect(sleeping).rejects.toBe(reason);
    expect(vi.getTimerCount()).toBe(0);
  });

  it("rejects at once when aborted before", async () => {
    await expect(platformSleep(50, AbortSignal.abort(new Error("before")))).rejects.toThrow("before");
  });
});

describe("platformRandom", () => {
  it("fills more than the platform gives at once", () => {
    const bytes = platformRandom(200_000);
    expect(bytes.length).toBe(200_000);
    expect(bytes.subarray(131_072, 131_136).some((byte) => byte !== 0)).toBe(true);
  });
});
