import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  encodeNotation,
  escapeNotation,
  formatNotation,
  NotationError,
  parseNotation,
  type NotationParts,
} from "../../src/notation/index.ts";

const text = fc.oneof(
  fc.string({ unit: "grapheme" }),
  fc
    .array(fc.constantFrom("/", "[", "]", "\\", "keeper:", "a", " "), { maxLength: 8 })
    .map((list) => list.join("")),
);
const optional = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> =>
  fc.option(value, { nil: undefined });
const parts: fc.Arbitrary<NotationParts> = fc.oneof(
  fc.record({ record: text, selector: fc.constantFrom("type", "title", "notes") }),
  fc.record({
    record: text,
    selector: fc.constant("file" as const),
    parameter: text.filter((name) => name !== ""),
  }),
  fc
    .record({
      record: text,
      selector: fc.constantFrom("field", "custom_field"),
      parameter: text,
      index1: optional(fc.oneof(fc.constant(""), fc.nat().map(String))),
      index2: optional(text),
    })
    .filter(
      ({ parameter, index1, index2 }) => index1 !== undefined || (parameter !== "" && index2 === undefined),
    ),
);

describe("escapeNotation", () => {
  it.each([
    ["plain é 日本", "plain é 日本"],
    ["/[]\\", String.raw`\/\[\]\\`],
    ["", ""],
  ])("escapes %j", (raw, escaped) => {
    expect(escapeNotation(raw)).toBe(escaped);
  });
});

describe("formatNotation", () => {
  it.each<[NotationParts, string]>([
    [{ record: "U", selector: "type" }, "keeper://U/type"],
    [{ record: "a/b", selector: "field", parameter: "x" }, String.raw`keeper://a\/b/field/x`],
    [{ record: "U", selector: "field", parameter: "x", index1: "" }, "keeper://U/field/x[]"],
    [{ record: "U", selector: "field", parameter: "x", index2: "p" }, "keeper://U/field/x[][p]"],
    [{ record: "U", selector: "file", parameter: "[1].txt" }, String.raw`keeper://U/file/\[1\].txt`],
  ])("writes %j", (given, expected) => {
    expect(formatNotation(given)).toBe(expected);
  });

  it.each<NotationParts>([
    { record: "U", selector: "field" },
    { record: "U", selector: "field", parameter: "" },
    { record: "U", selector: "type", parameter: "x" },
    { record: "U", selector: "title", index1: "0" },
    { record: "U", selector: "file", parameter: "x", index1: "0" },
    { record: "U", selector: "field", index1: "0" },
    { record: "U", selector: "field", parameter: "x", index1: "name" },
  ])("refuses %j", (given) => {
    expect(() => formatNotation(given)).toThrow(NotationError);
  });

  it("is undone by parsing, as text and as base64", () => {
    fc.assert(
      fc.property(parts, (given) => {
        const notation = formatNotation(given);
        expect(parseNotation(notation)).toEqual({ ...given, text: notation });
        const encoded = encodeNotation(notation);
        expect(encoded).toMatch(/^[\w-]+$/);
        expect(parseNotation(encoded)).toEqual({ ...given, text: encoded });
      }),
      { numRuns: 1000 },
    );
  });
});
