import { describe, expect, it } from "vitest";
import {
  checkOptions,
  flagOption,
  functionOption,
  oneOf,
  positiveOption,
  required,
  textOption,
  waitOptionChecks,
  type OptionChecks,
} from "../../src/options/check-options.ts";
import type { WaitOptions } from "../../src/time/deadline.ts";

interface NoteOptions extends WaitOptions {
  title: string;
  pinned?: boolean | undefined;
  copies?: number | undefined;
  format?: "plain" | "rich" | undefined;
  onSaved?: (() => void) | undefined;
}

const checks: OptionChecks<NoteOptions> = {
  title: required(textOption),
  pinned: flagOption,
  copies: positiveOption,
  format: oneOf("plain", "rich"),
  onSaved: functionOption,
  ...waitOptionChecks,
};

const check = (options: unknown): string | undefined => checkOptions(options, checks, "addNote");

describe("checkOptions", () => {
  it.each([
    [{ title: "Milk" }],
    [{ title: "", pinned: undefined, copies: 1.5, format: "rich", onSaved() {}, timeoutMs: 0 }],
    [{ title: "Milk", signal: AbortSignal.abort(), timeoutMs: Infinity, copies: Infinity }],
    [Object.create({ title: "inherited" }) as object],
    [Object.assign(Object.create(null) as object, { title: "no prototype" })],
  ])("takes %o", (options) => {
    expect(check(options)).toBeUndefined();
  });

  it.each([[undefined], [null], ["title"], [1], [true], [["title"]], [() => ({ title: "Milk" })]])(
    "takes no %o for options",
    (options) => {
      expect(check(options)).toBe("The options of addNote must be an object.");
    },
  );

  it.each([
    [{ titel: "Milk" }, "Unknown option titel; did you mean title?"],
    [{ title: "Milk", Pinned: true }, "Unknown option Pinned; did you mean pinned?"],
    [{ title: "Milk", timeout: 5 }, "Unknown option timeout; did you mean timeoutMs?"],
    [
      { title: "Milk", shade: undefined },
      "Unknown option shade; addNote takes title, pinned, copies, format, onSaved, signal, timeoutMs.",
    ],
    [
      { title: "Milk", toString: 1 },
      "Unknown option toString; addNote takes title, pinned, copies, format, onSaved, signal, timeoutMs.",
    ],
    [{ title: "Milk", "tit\u001ble\n": 1 }, "Unknown option tit le; did you mean title?"],
  ])("%o: %s", (options, fault) => {
    expect(check(options)).toBe(fault);
  });

  it("shows no more than the start of a name", () => {
    expect(checkOptions({ ["x".repeat(1e6)]: 1 }, {}, "addNote")).toBe(
      `Unknown option ${"x".repeat(64)}; addNote takes none.`,
    );
  });

  it.each([
    [{}, "title", "text"],
    [{ title: undefined }, "title", "text"],
    [{ title: null }, "title", "text"],
    [{ title: ["Milk"] }, "title", "text"],
    [{ title: "Milk", pinned: "yes" }, "pinned", "true or false"],
    [{ title: "Milk", copies: 0 }, "copies", "a number above 0"],
    [{ title: "Milk", copies: "2" }, "copies", "a number above 0"],
    [{ title: "Milk", copies: Number.NaN }, "copies", "a number above 0"],
    [{ title: "Milk", format: "bold" }, "format", "plain or rich"],
    [{ title: "Milk", onSaved: {} }, "onSaved", "a function"],
    [{ title: "Milk", signal: null }, "signal", "an AbortSignal"],
    [{ title: "Milk", signal: new AbortController() }, "signal", "an AbortSignal"],
    [{ title: "Milk", timeoutMs: -1 }, "timeoutMs", "a number from 0"],
    [{ title: "Milk", timeoutMs: Number.NaN }, "timeoutMs", "a number from 0"],
  ])("%o: %s must be %s", (options, name, expected) => {
    expect(check(options)).toBe(`Option ${name} must be ${expected}.`);
  });

  it("names a wrong option before a wrong kind, and never a value", () => {
    expect(check({ title: 5, pined: "hunter2" })).toBe("Unknown option pined; did you mean pinned?");
    expect(check({ title: { secret: "hunter2" } })).not.toContain("hunter2");
  });
});

it("oneOf names what it takes", () => {
  expect([oneOf("a").expected, oneOf("a", true, 3).expected]).toEqual(["a", "a, true or 3"]);
});
