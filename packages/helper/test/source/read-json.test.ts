import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readJson } from "../../src/source/read-json.ts";

function valueOf(text: string): unknown {
  const document = readJson(text);
  if (document.fault) throw new Error(document.fault.message);
  return document.value;
}

function faultOf(text: string): string {
  const { fault } = readJson(text);
  return fault ? `${fault.position.line}:${fault.position.column} ${fault.message}` : "no fault";
}

/** The value as JSON.parse would give it, large whole numbers rounded. */
function asParsed(value: unknown): unknown {
  if (typeof value === "bigint") return Number(value);
  if (Array.isArray(value)) return value.map(asParsed);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, asParsed(member)]));
}

describe("readJson", () => {
  it("reads what JSON.parse reads", () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 6 }), fc.constantFrom(undefined, 1, "\t", "\r\n"), (text, indent) => {
        const spaced = JSON.stringify(JSON.parse(text), null, indent === "\r\n" ? 2 : indent);
        expect(asParsed(valueOf(spaced))).toEqual(JSON.parse(spaced));
      }),
      { numRuns: 500 },
    );
  });

  it("agrees with JSON.parse on what is JSON", () => {
    const pieces = fc.constantFrom(
      "{",
      "}",
      "[",
      "]",
      ",",
      ":",
      '"',
      '"a"',
      "\\",
      "1",
      "-",
      ".5",
      "e9",
      "null",
      "tru",
      " ",
      "\n",
    );
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 12 }), (parts) => {
        const text = parts.join("");
        let parsed: unknown;
        let valid = true;
        try {
          parsed = JSON.parse(text);
        } catch {
          valid = false;
        }
        const { fault } = readJson(text);
        // A key that stands twice is the one thing that is refused on purpose.
        if (valid && fault?.message.includes("twice")) return;
        expect(fault === undefined).toBe(valid);
        if (valid) expect(valueOf(text)).toEqual(parsed);
      }),
      { numRuns: 3000 },
    );
  });

  it("keeps whole numbers beyond 2^53 and skips a byte order mark", () => {
    expect(valueOf("\uFEFF [9007199254740993, -12345678901234567890123, 1e2, -0, 1.5]")).toEqual([
      9007199254740993n,
      -12345678901234567890123n,
      100,
      -0,
      1.5,
    ]);
  });

  it("makes __proto__ a key like any other", () => {
    const value = valueOf('{"__proto__": {"polluted": true}}') as object;
    expect(Object.keys(value)).toEqual(["__proto__"]);
    expect("polluted" in value).toBe(false);
  });

  it.each([
    ["", "1:1 the text ends where a value is expected"],
    ["{", "1:2 a key in double quotes is expected"],
    ['{"a" 1}', "1:6 a colon is expected"],
    ['{"a":1 "b":2}', "1:8 a comma or a closing brace is expected"],
    ['{\n  "a": 1,\n  "a": 2\n}', "3:3 this key is repeated in the object"],
    ["{'a': 1}", "1:2 a key in double quotes is expected"],
    ["[1,\r\n 2\r\n 3]", "3:2 a comma or a closing bracket is expected"],
    ["[1,]", "1:4 a value is expected"],
    ["[01]", "1:3 a comma or a closing bracket is expected"],
    ["[-]", "1:2 this is no number"],
    ["[1e999]", "1:2 this number is too large"],
    ["NaN", "1:1 a value is expected"],
    ['"open', "1:1 this text has no end"],
    ['"open\\"', "1:1 this text has no end"],
    ['["tab\there"]', "1:2 this text holds a raw control character or a bad escape"],
    ['["\\x41"]', "1:2 this text holds a raw control character or a bad escape"],
    ["{} {}", "1:4 nothing may follow the value"],
    ["[".repeat(50_000), "1:202 at most 200 levels are read"],
  ])("says where %j goes wrong", (text, fault) => {
    expect(faultOf(text)).toBe(fault);
  });

  it("knows where members stand", () => {
    const document = readJson('{\n  "a": [1,\n    {"b": "x"}]\n}');
    if (document.fault) expect.unreachable();
    else {
      expect(document.map.locate([])).toEqual({ line: 1, column: 1 });
      expect(document.map.locate(["a", 1, "b"])).toEqual({ line: 3, column: 11 });
      // Beyond what there is: the deepest place on the way.
      expect(document.map.locate(["a", 1, "c", "d"])).toEqual({ line: 3, column: 5 });
      expect(document.map.locate(["z"])).toEqual({ line: 1, column: 1 });
    }
  });

  it("takes long texts without exhausting the stack", () => {
    const text = JSON.stringify('\n\\"x'.repeat(1_000_000));
    expect(valueOf(text)).toBe(JSON.parse(text));
  });
});
