import { describe, expect, it } from "vitest";
import {
  evaluateLegacy,
  evaluateStrict,
  parseNotation,
  selectFirstRecord,
  selectRecord,
  type NotationRecord,
} from "../../src/notation/index.ts";

const record: NotationRecord = {
  uid: "U",
  type: "login",
  title: "T",
  fields: [
    { type: "url", value: ["a", "b"] },
    {
      type: "host",
      label: "server",
      value: [{ hostName: "h", port: 22, toString: "own" }, "text", null, [1]],
    },
    { type: "text", label: "dup", value: ["1"] },
    { type: "text", label: "dup", value: ["2"] },
    { type: "lone", value: { a: 1 } },
    { type: "zero", value: 0 },
    { type: "none" },
    { type: 5, label: null, value: ["odd"] },
    null,
  ],
  files: [
    { uid: "F1", name: "a.txt", title: "A" },
    { uid: "F2", name: "b.txt", title: "a.txt" },
    { uid: "F3", name: "F1", title: null },
  ],
};

const strict = (notation: string, from = record): unknown => {
  const result = evaluateStrict(from, parseNotation(notation));
  return result.values ?? result.file;
};
const legacy = (notation: string, from = record): unknown =>
  evaluateLegacy(from, parseNotation(notation, { legacy: true }), { dialect: "javascript" });

describe("evaluateStrict", () => {
  it.each([
    ["U/type", ["login"]],
    ["U/notes", []],
    ["U/field/url", ["a", "b"]],
    ["U/field/url[1]", ["b"]],
    ["U/field/server[0]", ['{"hostName":"h","port":22,"toString":"own"}']],
    ["U/field/server[][port]", ["22"]],
    ["U/field/server[][toString]", ["own"]],
    ["U/field/server[][valueOf]", []],
    ["U/field/server[][__proto__]", []],
    ["U/field/server[1][length]", []],
    ["U/field/server[3][0]", []],
    ["U/field/lone", ['{"a":1}']],
    ["U/field/lone[0][a]", ["1"]],
    ["U/field/zero[]", ["0"]],
    ["U/field/none", []],
    ["U/file/F1", record.files?.[0]],
    ["U/file/b.txt", record.files?.[1]],
  ])("%s", (notation, expected) => {
    expect(strict(notation)).toEqual(expected);
  });

  it.each([
    ["U/field/URL", "FIELD_NOT_FOUND", "no fields matching"],
    ["U/field/5", "FIELD_NOT_FOUND", "'5'"],
    ["U/custom_field/url", "FIELD_NOT_FOUND", "no fields"],
    ["U/field/dup", "FIELD_AMBIGUOUS", "multiple fields matching"],
    ["U/field/url[2]", "OUT_OF_BOUNDS", "out of bounds 2 >= 2 for field url"],
    ["U/field/none[0]", "OUT_OF_BOUNDS", "0 >= 0"],
    ["U/file/c.txt", "FILE_NOT_FOUND", "no files matching"],
    ["U/file/a.txt", "FILE_AMBIGUOUS", "multiple files matching"],
  ])("%s fails with %s", (notation, code, message) => {
    expect(() => strict(notation)).toThrow(
      expect.objectContaining({
        code: `ERR_KSM_NOTATION_${code}`,
        notation,
        message: expect.stringContaining(message),
      }),
    );
  });

  it("says when a record has no files at all", () => {
    expect(() => strict("U/file/x", { uid: "U" })).toThrow(/no file attachments/);
    expect(() => legacy("U/file/x", { uid: "U", files: [] })).toThrow(/no file attachments/);
  });
});

describe("evaluateLegacy", () => {
  it.each([
    ["U/notes", ""],
    ["U/field/url", "a"],
    ["U/field/url[]", ["a", "b"]],
    ["U/field/url[][]", ["a", "b"]],
    ["U/field/url[1][]", "b"],
    ["U/field/dup", "1"],
    ["U/field/none", undefined],
    ["U/field/none[]", []],
    ["U/field/lone", { a: 1 }],
    ["U/field/lone[]", { a: 1 }],
    ["U/field/lone[a]", 1],
    ["U/field/server[port]", 22],
    ["U/field/server[nope]", undefined],
    ["U/field/server[valueOf]", undefined],
    ["U/field/server[3][0]", 1],
    ["U/field/url[length]", 1],
    ["U/file/a.txt", record.files?.[0]],
  ])("%s", (notation, expected) => {
    expect(legacy(notation)).toEqual(expected);
  });

  it.each([
    ["U/field/nope", "FIELD_NOT_FOUND"],
    ["U/file/nope", "FILE_NOT_FOUND"],
    ["U/field/url[2]", "OUT_OF_BOUNDS"],
    ["U/field/none[x]", "OUT_OF_BOUNDS"],
    ["U/field/server[0][nope]", "OUT_OF_BOUNDS"],
    ["U/field/server[0][valueOf]", "OUT_OF_BOUNDS"],
    ["U/field/server[1][length]", "OUT_OF_BOUNDS"],
    ["U/field/server[2][x]", "OUT_OF_BOUNDS"],
    ["U/field/url[a][b]", "INVALID"],
  ])("%s fails with %s", (notation, code) => {
    expect(() => legacy(notation)).toThrow(expect.objectContaining({ code: `ERR_KSM_NOTATION_${code}` }));
  });
});

describe("selecting the record", () => {
  const list = [
    { uid: "1", title: "one" },
    { uid: "2", title: "twin" },
    { uid: "2", title: "twin" },
    { uid: "3", title: "same" },
    { uid: "4", title: "same" },
    { uid: "5", title: "1" },
    { uid: "same title twice", title: "x" },
    { uid: "6", title: "7" },
    { uid: "8", title: "7" },
    { uid: "7", title: "" },
  ];
  const select = (token: string, by = selectRecord): string => by(list, parseNotation(`${token}/type`)).uid;

  it.each([
    ["one", "1"],
    ["twin", "2"],
    ["1", "1"],
    ["7", "7"],
    ["", "7"],
  ])("%j is record %s", (token, uid) => {
    expect(select(token)).toBe(uid);
  });

  it.each([
    ["same", "AMBIGUOUS", "multiple records match record 'same'"],
    ["One", "NOT_FOUND", "no records match record 'One'"],
    [" one", "NOT_FOUND", "no records"],
    ["undefined", "NOT_FOUND", "no records"],
  ])("%j is %s", (token, code, message) => {
    expect(() => select(token)).toThrow(
      expect.objectContaining({
        code: `ERR_KSM_NOTATION_RECORD_${code}`,
        message: expect.stringContaining(message),
      }),
    );
  });

  it("takes the first of several in legacy mode", () => {
    expect(select("same", selectFirstRecord)).toBe("3");
    expect(select("7", selectFirstRecord)).toBe("6");
    expect(() => select("nope", selectFirstRecord)).toThrow(/no records match/);
  });
});
