import { getEventListeners } from "node:events";
import { expect, it, vi } from "vitest";
import { backgroundSleep, Deadline, onAbort, platformSleep } from "../../src/index.ts";

const listeners = (signal: AbortSignal): number => getEventListeners(signal, "abort").length;

it("adds one listener however many wait, and removes it with the last", () => {
  const { signal } = new AbortController();
  const removers = Array.from({ length: 1000 }, () => onAbort(signal, () => {}));
  expect(listeners(signal)).toBe(1);
  for (const remove of removers.slice(1)) remove();
  expect(listeners(signal)).toBe(1);
  removers[0]?.();
  expect(listeners(signal)).toBe(0);
  removers[0]?.();
  const remove = onAbort(signal, () => {});
  expect(listeners(signal)).toBe(1);
  removers[1]?.();
  expect(listeners(signal)).toBe(1);
  remove();
});

it("calls everybody once, in order, but those who have left", () => {
  const controller = new AbortController();
  const called: number[] = [];
  onAbort(controller.signal, () => {
    called.push(1);
    remove();
  });
  const remove = onAbort(controller.signal, () => called.push(2));
  onAbort(controller.signal, () => called.push(3));
  const same = (): void => void called.push(4);
  onAbort(controller.signal, same);
  onAbort(controller.signal, same)();
  controller.abort();
  expect(called).toEqual([1, 3, 4]);
  expect(listeners(controller.signal)).toBe(0);
  remove();
});

it("lets a thousand deadlines, sleeps and races share a caller's signal with one listener", async () => {
  vi.useFakeTimers();
  const controller = new AbortController();
  const { signal } = controller;
  const deadlines = Array.from({ length: 1000 }, () => new Deadline({ signal, timeoutMs: 1000 }));
  const pending = [
    ...deadlines.map((deadline) => deadline.race(new Promise(() => {}))),
    ...Array.from({ length: 1000 }, () => platformSleep(1000, signal)),
    ...Array.from({ length: 1000 }, () => backgroundSleep(1000, signal)),
    ...Array.from({ length: 1000 }, () => deadlines[0]?.race(new Promise(() => {}))),
  ];
  expect(listeners(signal)).toBe(1);
  expect(listeners(deadlines[0]?.signal ?? signal)).toBe(1);
  const settled = Promise.allSettled(pending);
  controller.abort(new Error("enough"));
  const reasons = new Set((await settled).map((one) => one.status === "rejected" && one.reason));
  expect([...reasons]).toEqual([new Error("enough")]);
  expect(listeners(signal)).toBe(0);
  expect(vi.getTimerCount()).toBe(0);
  vi.useRealTimers();
});
