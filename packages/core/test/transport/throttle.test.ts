import { describe, expect, it } from "vitest";
import type { Refusal } from "../../src/transport/refusal.ts";
import { isThrottle, namedDelayMs, throttleDelayMs } from "../../src/transport/throttle.ts";

const refusal = (more: Partial<Refusal> = {}): Refusal => ({
  status: 403,
  resultCode: "throttled",
  message: "",
  additionalInfo: "",
  keyId: "",
  retryAfterSeconds: undefined,
  ...more,
});
const random = (byte: number) => () => new Uint8Array([byte]);
const now = Date.parse("2026-11-01T00:00:00Z");

describe("isThrottle", () => {
  it.each([
    [403, "throttled", true],
    [429, "throttled", true],
    [429, "http_error", true],
    [429, "access_denied", true],
    [403, "access_denied", false],
    [500, "throttled", false],
    [401, "throttled", false],
    [503, "http_error", false],
  ])("%i %s: %s", (status, resultCode, expected) => {
    expect(isThrottle(refusal({ status, resultCode }))).toBe(expected);
  });
});

describe("namedDelayMs", () => {
  it.each<[string | null, number | undefined]>([
    ["2", 2000],
    ["0", undefined],
    ["-2", undefined],
    ["2.5", undefined],
    ["1e3", undefined],
    ["2, 3", undefined],
    ["300", 300_000],
    [" 300 ", 300_000],
    ["12345678901", 12_345_678_901_000],
    ["9".repeat(400), Number.MAX_SAFE_INTEGER],
    ["soon", undefined],
    ["", undefined],
    [null, undefined],
    ["Sun, 01 Nov 2026 00:00:07 GMT", 7000],
    ["Sat, 31 Oct 2026 23:59:59 GMT", undefined],
    ["Sun, 99 Nov 2026 00:00:07 GMT", undefined],
    ["Sun Nov  1 00:00:07 2026", undefined],
    ["2026-11-01T00:00:07Z", undefined],
    ["1 Nov 2026", undefined],
  ])("Retry-After %j is %j ms", (value, expected) => {
    const answer = { status: 429, header: () => value, bytes: new Uint8Array() };
    expect(namedDelayMs(refusal(), answer, () => now)).toBe(expected);
  });

  it.each<[number | undefined, string, number]>([
    [2.5, "", 2500],
    [2.5, "9", 9000],
    [3600, "300", 3_600_000],
    [undefined, "300", 300_000],
    [1e300, "9", Number.MAX_SAFE_INTEGER],
  ])("takes the longer of body %s and header %j", (retryAfterSeconds, header, expected) => {
    const answer = { status: 429, header: () => header, bytes: new Uint8Array() };
    expect(namedDelayMs(refusal({ retryAfterSeconds }), answer, () => now)).toBe(expected);
  });
});

describe("throttleDelayMs", () => {
  it.each([
    [0, 11_000],
    [1, 22_000],
    [2, 44_000],
    [3, 88_000],
    [4, 176_000],
    [5, 176_000],
    [40, 176_000],
  ])("attempt %i is around %i ms", (attempt, middle) => {
    expect(throttleDelayMs(attempt, undefined, random(128))).toBe(middle);
    expect(throttleDelayMs(attempt, undefined, random(0))).toBe(middle * 0.75);
    const longest = throttleDelayMs(attempt, undefined, random(255));
    expect(longest).toBeLessThanOrEqual(middle * 1.25);
    expect(longest).toBeGreaterThan(middle * 1.24);
  });

  it("never waits less than the service says, nor more than a quarter longer", () => {
    expect(throttleDelayMs(3, 2000, random(0))).toBe(2000);
    expect(throttleDelayMs(0, 2000, random(255))).toBeGreaterThan(2400);
    expect(throttleDelayMs(0, 2000, random(255))).toBeLessThanOrEqual(2500);
  });

  it.each([300_000, 3_600_000, 1e12])("cuts no wait that the service names: %i ms", (named) => {
    expect(throttleDelayMs(0, named, random(0))).toBe(named);
    expect(throttleDelayMs(4, named, random(255))).toBeGreaterThan(named * 1.2);
  });

  it("gives up its own part of the wait where it does not fit, and nothing of the named one", () => {
    expect(throttleDelayMs(0, 300_000, random(255), 310_000)).toBe(300_000);
    expect(throttleDelayMs(0, 300_000, random(255), 200_000)).toBe(300_000);
    expect(throttleDelayMs(0, 300_000, random(128), 340_000)).toBe(337_500);
  });
});
