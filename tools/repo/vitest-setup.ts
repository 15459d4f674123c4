import { afterEach, beforeEach, expect, vi } from "vitest";

/** Libraries here never print: a test during which anything reaches the console fails. */
const methods = ["log", "info", "warn", "error", "debug", "trace"] as const;
let printed: string[] = [];

beforeEach(() => {
  printed = [];
  for (const method of methods) {
    vi.spyOn(console, method).mockImplementation((...args: unknown[]) => {
      printed.push(`console.${method}: ${args.map(String).join(" ")}`);
    });
  }
});

afterEach(() => {
  const lines = printed;
  for (const method of methods) vi.mocked(console[method]).mockRestore?.();
  expect(lines, "nothing may be printed to the console by library code").toEqual([]);
});
