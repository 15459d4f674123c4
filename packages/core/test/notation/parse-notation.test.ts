import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { NotationError, parseNotation } from "../../src/notation/index.ts";

describe("parseNotation", () => {
  it.each([
    ["U/type", { record: "U", selector: "type" }],
    ["KEEPER://U/Notes/", { record: "U", selector: "notes" }],
    ["/title", { record: "", selector: "title" }],
    ["a[b]/title", { record: "a[b]", selector: "title" }],
    [String.raw`a\/b/title`, { record: "a/b", selector: "title" }],
    ["U/field/a/b]c", { record: "U", selector: "field", parameter: "a/b]c" }],
    ["U/field/[0]", { record: "U", selector: "field", parameter: "", index1: "0" }],
    ["U/field/x[]", { record: "U", selector: "field", parameter: "x", index1: "" }],
    ["U/field/x[][]", { record: "U", selector: "field", parameter: "x", index1: "", index2: "" }],
    [
      String.raw`U/CUSTOM_FIELD/x[07][a\]\[b]`,
      { record: "U", selector: "custom_field", parameter: "x", index1: "07", index2: "a][b" },
    ],
    [
      String.raw`a\\/field/x\\[0][p\\]`,
      { record: "a\\", selector: "field", parameter: "x\\", index1: "0", index2: "p\\" },
    ],
    [String.raw`U/file/\[\]\\`, { record: "U", selector: "file", parameter: "[]\\" }],
    ["VS90eXBl", { record: "U", selector: "type" }],
    ["VS90aXRsZQ", { record: "U", selector: "title" }],
    ["VS90aXRsZQ==", { record: "U", selector: "title" }],
  ])("reads %j", (text, parts) => {
    expect(parseNotation(text)).toEqual({ text, ...parts });
  });

  it.each([
    ["x[name]", { index1: "", index2: "name" }],
    ["x[-1]", { index1: "", index2: "-1" }],
    ["x[1]", { index1: "1" }],
    ["x[name][other]", { index1: "name", index2: "other" }],
  ])("reads %j in legacy mode", (parameter, indexes) => {
    const text = `U/field/${parameter}`;
    expect(parseNotation(text, { legacy: true })).toEqual({
      text,
      record: "U",
      selector: "field",
      parameter: "x",
      ...indexes,
    });
  });

  it.each([
    ["", /missing or invalid/, undefined],
    ["   ", /base64/, undefined],
    ["A", /base64/, undefined],
    ["_-8", /base64/, undefined], // bytes that are not UTF-8
    ["no_slash_at_all!", /base64/, undefined],
    ["U/", /missing information/, undefined],
    [String.raw`U\/type`, /missing information/, undefined],
    ["U//", /bad selector/, 2],
    ["U/type ", /bad selector/, 2],
    ["U/typ", /bad selector/, 2],
    ["U/type[0]", /bad selector/, 2],
    ["U/type/x", /extra characters/, 7],
    ["U/bogus/x", /extra characters/, 8],
    ["http://U/type", /extra characters/, 7],
    ["keeper:/U/type", /extra characters/, 10],
    ["U/field", /require parameters/, 2],
    ["U/file/", /require parameters/, 2],
    ["U/file/x[0]", /don't accept indexes/, 8],
    ["U/field/x[a]", /first index must be numeric/, 9],
    ["U/field/x[-1]", /first index must be numeric/, 9],
    ["U/field/x[１]", /first index must be numeric/, 9],
    ["U/field/x[0", /must be enclosed/, 9],
    ["U/field/x[", /must be enclosed/, 9],
    ["U/field/x[0][", /must be enclosed/, 12],
    ["U/field/x[[", /do not allow extra '\['/, 10],
    ["U/field/x[0]y", /must start with '\['/, 12],
    ["U/field/x[0][a][b]", /extra characters/, 15],
    [String.raw`U\x/type`, /Incorrect escape sequence at position 1/, 1],
    ["U/field/\\", /Incorrect escape sequence at position 8/, 8],
    [String.raw`U/field/x[0][\a]`, /Incorrect escape sequence at position 13/, 13],
  ])("refuses %j", (text, message, position) => {
    const error = thrownBy(() => parseNotation(text));
    expect(error).toMatchObject({ code: "ERR_KSM_NOTATION_INVALID", notation: text, position });
    expect(error.message).toMatch(message);
  });

  it.each([[null], [undefined], [5], [{}], [Symbol("x")]])("refuses %s, which is no text", (value) => {
    // @ts-expect-error what callers without types may pass
    expect(thrownBy(() => parseNotation(value))).toMatchObject({
      code: "ERR_KSM_NOTATION_INVALID",
      notation: "",
    });
  });

  it("does not quote text that turns out to be no notation", () => {
    expect(thrownBy(() => parseNotation("hunter2-hunter2")).message).not.toContain("hunter2");
  });

  it("throws nothing but NotationError", () => {
    const pieces = ["/", "[", "]", "\\", "keeper://", "field", "file", "type", "0", "é", "😀", "A=", "-_"];
    const texts = fc.oneof(
      fc.string({ unit: "binary" }),
      fc.array(fc.constantFrom(...pieces)).map((list) => list.join("")),
    );
    const codeOf = (text: string, legacy: boolean): string => {
      try {
        return parseNotation(text, { legacy }).selector;
      } catch (error) {
        return error instanceof NotationError ? error.code : `not ours: ${String(error)}`;
      }
    };
    const outcome = /^(ERR_KSM_NOTATION_INVALID|type|title|notes|field|custom_field|file)$/;
    fc.assert(
      fc.property(texts, fc.boolean(), (text, legacy) => {
        expect(codeOf(text, legacy)).toMatch(outcome);
      }),
      { numRuns: 2000 },
    );
  });
});

function thrownBy(run: () => unknown): NotationError {
  try {
    run();
  } catch (error) {
    if (error instanceof NotationError) return error;
    throw error;
  }
  return expect.fail("nothing was thrown");
}
