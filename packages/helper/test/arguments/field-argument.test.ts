import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  fieldTypeNames,
  parseFieldArgument,
  recordFromArguments,
  RecordHelperError,
} from "../../src/index.ts";
import { failureOf, problemsOf } from "../support/failure.ts";

describe("parseFieldArgument", () => {
  it.each([
    ["login=a=b", "f", "login", undefined, undefined, "a=b"],
    ["c.text[\\[x\\] \\\\ y]=v", "c", "text", "[x] \\ y", undefined, "v"],
    ["c.text[one][]=v", "c", "text", "one", undefined, "v"],
    ["c.text[]=v", "c", "text", undefined, undefined, "v"],
    ["phone[L].number[M]=1", "f", "phone", "M", "number", "1"],
    ["c.note=line\nbreak", "c", "note", undefined, undefined, "line\nbreak"],
    ["c.text[a\nb]= v ", "c", "text", "a\nb", undefined, " v "],
    ["f.text==", "f", "text", undefined, undefined, "="],
  ])("%j", (text, section, type, label, key, value) => {
    expect(parseFieldArgument(text)).toEqual({ section, type, label, key, value });
  });

  it.each([
    ["", "BAD_FIELD_SYNTAX"],
    ["login", "BAD_FIELD_SYNTAX"],
    ["=x", "BAD_FIELD_SYNTAX"],
    ["my-text=1", "BAD_FIELD_SYNTAX"],
    ["téxt=1", "BAD_FIELD_SYNTAX"],
    ["k.text=x", "BAD_FIELD_SECTION"],
    ["🔑.text=x", "BAD_FIELD_SECTION"],
    ["..text=x", "BAD_FIELD_SECTION"],
    ["c.=x", "BAD_FIELD_SYNTAX"],
    ["nope=x", "UNKNOWN_FIELD_TYPE"],
    ["nope[x", "UNKNOWN_FIELD_TYPE"],
    ["c.phoneItem={}", "UNKNOWN_FIELD_TYPE"],
    ["__proto__=x", "UNKNOWN_FIELD_TYPE"],
    ["text[abc=x", "UNTERMINATED_LABEL"],
    ["text[abc\\]=x", "UNTERMINATED_LABEL"],
    ["text[abc\\", "UNTERMINATED_LABEL"],
    ["text[x]", "BAD_FIELD_SYNTAX"],
    ["text[x]yV", "BAD_FIELD_SYNTAX"],
    ["name.first", "BAD_FIELD_SYNTAX"],
    ["name.=x", "BAD_FIELD_SYNTAX"],
    ["name.first.last=x", "DUPLICATE_VALUE_KEY"],
    ["text.value=x", "NO_VALUE_KEYS"],
    ["phone.nope=1", "UNKNOWN_VALUE_KEY"],
    ["phone.constructor=1", "UNKNOWN_VALUE_KEY"],
  ])("%j is %s", async (text, code) => {
    expect(await problemsOf(() => parseFieldArgument(text))).toEqual([code]);
  });

  it("never quotes a value", async () => {
    for (const text of [
      "pass word=hunter2",
      "nope=hunter2",
      "text[hunter2",
      "name.hunter2",
      "k.login=hunter2",
      "text[x]hunter2",
    ]) {
      const { message } = await failureOf(() => parseFieldArgument(text));
      expect(message).not.toContain("hunter2");
    }
  });

  it("reads back what is written by the grammar", () => {
    const label = fc.string({ unit: "binary", minLength: 1 });
    fc.assert(
      fc.property(
        fc.constantFrom(...fieldTypeNames()),
        fc.option(label, { nil: undefined }),
        fc.string({ minLength: 1 }),
        (type, label, value) => {
          const written = label === undefined ? "" : `[${label.replace(/[\\\]]/g, "\\$&")}]`;
          expect(parseFieldArgument(`c.${type}${written}=${value}`)).toEqual({
            section: "c",
            type,
            label,
            key: undefined,
            value,
          });
        },
      ),
    );
  });

  it("throws nothing but its own error", () => {
    const unit = fc.constantFrom("f", "c", ".", "[", "]", "=", "\\", "text", "name", "first", "é", "\n");
    fc.assert(
      fc.property(fc.string({ unit, maxLength: 12 }), (text) => {
        try {
          parseFieldArgument(text);
        } catch (error) {
          expect(error).toBeInstanceOf(RecordHelperError);
        }
      }),
      { numRuns: 2000 },
    );
  });
});

it("no message quotes base64 that looks like a field without a value", () => {
  for (const secret of ["c2VjcmV0cGFzc3dvcmQ=", "c2VjcmV0cGFzc3dvcg=="]) {
    expect(() => recordFromArguments("login", { title: "x", args: [secret] })).toThrow(
      expect.objectContaining({ message: expect.not.stringContaining("c2Vj") as string }),
    );
  }
  expect(() => recordFromArguments("login", { title: "x", args: ["colour=red"] })).toThrow("colour");
});
