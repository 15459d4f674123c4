import { describe, expect, it } from "vitest";
import { RecordError } from "../../src/errors/errors.ts";
import {
  resolveLegacyNotation,
  resolveNotation,
  resolveNotationText,
  tryResolveNotation,
  type NotationRecord,
} from "../../src/notation/index.ts";
import { fakeSource, uidOf } from "./fake-source.ts";

const main: NotationRecord = {
  uid: uidOf("main"),
  type: "login",
  title: "Main",
  fields: [{ type: "url", value: ["u"] }],
  files: [{ uid: "file", name: "a.txt" }],
};

describe("resolveNotation", () => {
  it.each([
    [`${main.uid}/field/url`, ["u"], [[main.uid]]],
    ["Main/field/url", ["u"], ["all"]],
    [`${main.uid}/file/a.txt`, ["ZmlsZQ"], [[main.uid]]],
  ])("%s", async (notation, expected, requests) => {
    const source = fakeSource(main);
    await expect(resolveNotation(notation, source)).resolves.toEqual(expected);
    expect(source.requests).toEqual(requests);
  });

  it("reads everything when no record has the uid, for its title may look like one", async () => {
    const title = uidOf("title");
    const source = fakeSource({ uid: "x", type: "t", title });
    await expect(resolveNotation(`${title}/type`, source)).resolves.toEqual(["t"]);
    expect(source.requests).toEqual([[title], "all"]);
  });

  it("asks for nothing when the notation is malformed", async () => {
    const source = fakeSource(main);
    await expect(resolveNotation(`${main.uid}/field/url[x]`, source)).rejects.toThrow(/must be numeric/);
    await expect(resolveLegacyNotation(`${main.uid}/field/url[x][y]`, source)).rejects.toThrow(/field index/);
    expect(source.requests).toEqual([]);
  });

  it("does not trust a source that answers with other records", async () => {
    const source = { ...fakeSource(), fetchRecords: async () => [main] };
    await expect(resolveNotation(`${uidOf("other")}/type`, source)).rejects.toThrow(/no records match/);
  });

  it("passes the source's failures on", async () => {
    const failure = new RecordError("ERR_KSM_FILE_UNAVAILABLE", "gone");
    const source = { ...fakeSource(main), downloadFile: () => Promise.reject(failure) };
    await expect(resolveNotation("Main/file/a.txt", source)).rejects.toBe(failure);
  });
});

describe("resolveNotationText", () => {
  const record: NotationRecord = {
    uid: uidOf("one"),
    title: "One",
    fields: [
      { type: "url", value: ["first", "second"] },
      { type: "oneTimeCode", value: [] },
      { type: "host", label: "Main", value: [{ hostName: "h" }] },
    ],
    files: [{ uid: "file", name: "a.txt" }],
  };
  const source = fakeSource(record);

  it.each([
    ["One/field/url", "first"],
    ["One/field/url[1]", "second"],
    ["One/field/url[]", "first"],
    ["One/field/Main[0][hostName]", "h"],
    ["One/field/Main", '{"hostName":"h"}'],
    ["One/title", "One"],
    ["One/file/a.txt", "ZmlsZQ"],
  ])("%s", async (notation, text) => {
    await expect(resolveNotationText(notation, source)).resolves.toBe(text);
  });

  it.each([
    ["One/field/oneTimeCode", "ERR_KSM_FIELD_EMPTY", /field "oneTimeCode" has no value/],
    ["One/field/oneTimeCode[]", "ERR_KSM_FIELD_EMPTY", /no value/],
    ["One/notes", "ERR_KSM_FIELD_EMPTY", /notes has no value/],
    ["One/field/Main[0][nope]", "ERR_KSM_NOTATION_OUT_OF_BOUNDS", /no property 'nope'/],
    ["One/field/Main[][port]", "ERR_KSM_NOTATION_OUT_OF_BOUNDS", /no property 'port'/],
    ["One/field/url[2]", "ERR_KSM_NOTATION_OUT_OF_BOUNDS", /out of bounds/],
    [
      "One/field/ulr",
      "ERR_KSM_NOTATION_FIELD_NOT_FOUND",
      /did you mean "url"\? It has "url", "oneTimeCode", "Main"/,
    ],
    ["One/feild/url", "ERR_KSM_NOTATION_INVALID", /bad selector "feild", did you mean "field"\?/],
    ["One/tilte", "ERR_KSM_NOTATION_INVALID", /bad selector "tilte", did you mean "title"\?/],
    ["One/custom-field/x", "ERR_KSM_NOTATION_INVALID", /did you mean "custom_field"\?/],
    ["Nobody/title", "ERR_KSM_NOTATION_RECORD_NOT_FOUND", /no records match/],
  ])("%s fails with %s", async (notation, code, message) => {
    await expect(resolveNotationText(notation, source)).rejects.toMatchObject({
      code,
      message: expect.stringMatching(message),
    });
  });
});

describe("the dialects of resolveLegacyNotation", () => {
  const twins = [1, 2].map((at) => ({ uid: uidOf(`twin${at}`), title: "Twin", type: "login" }));
  const record: NotationRecord = {
    uid: uidOf("files"),
    title: "Files",
    fields: [
      { type: "Text", label: "other", value: ["by type"] },
      { type: "url", label: "text", value: ["by label"] },
    ],
    files: [
      { uid: "f1", name: "one.txt" },
      { uid: "f2", name: "dup.txt" },
      { uid: "f3", name: "dup.txt" },
    ],
  };
  const python = (notation: string): Promise<unknown> =>
    resolveLegacyNotation(notation, fakeSource(...twins, record));
  const javascript = (notation: string): Promise<unknown> =>
    resolveLegacyNotation(notation, fakeSource(...twins, record), { dialect: "javascript" });

  it("differ in titles that several records have", async () => {
    await expect(python("Twin/type")).rejects.toMatchObject({ code: "ERR_KSM_NOTATION_RECORD_AMBIGUOUS" });
    await expect(javascript("Twin/type")).resolves.toBe("login");
  });

  it("differ in files", async () => {
    await expect(python("Files/file/one.txt")).resolves.toEqual(new TextEncoder().encode("f1"));
    await expect(python("Files/file/dup.txt")).rejects.toMatchObject({
      code: "ERR_KSM_NOTATION_FILE_AMBIGUOUS",
    });
    await expect(javascript("Files/file/one.txt")).resolves.toBe(record.files?.[0]);
    await expect(javascript("Files/file/dup.txt")).resolves.toBe(record.files?.[1]);
  });

  it("differ in fields, missing texts and the case of selectors", async () => {
    await expect(python("Files/field/text")).resolves.toBe("by label");
    await expect(python("Files/field/TEXT")).resolves.toBe("by type");
    await expect(javascript("Files/field/TEXT")).rejects.toMatchObject({
      code: "ERR_KSM_NOTATION_FIELD_NOT_FOUND",
    });
    await expect(python("Files/notes")).resolves.toBeUndefined();
    await expect(javascript("Files/notes")).resolves.toBe("");
    await expect(python("Files/Field/text")).rejects.toMatchObject({ code: "ERR_KSM_NOTATION_INVALID" });
    await expect(python("Files/field/text[0][]")).rejects.toMatchObject({ code: "ERR_KSM_NOTATION_INVALID" });
  });
});

describe("tryResolveNotation", () => {
  it("hands failures over and answers with an empty list", async () => {
    const codes: string[] = [];
    const note = (error: { code: string }): unknown => codes.push(error.code);
    await expect(tryResolveNotation("Main/type", fakeSource(main), note)).resolves.toEqual(["login"]);
    await expect(tryResolveNotation("Main", fakeSource(main), note)).resolves.toEqual([]);
    await expect(tryResolveNotation("Nope/type", fakeSource(main), note)).resolves.toEqual([]);
    expect(codes).toEqual(["ERR_KSM_NOTATION_INVALID", "ERR_KSM_NOTATION_RECORD_NOT_FOUND"]);
  });

  it("does not hide mistakes of the program", async () => {
    const source = { ...fakeSource(), fetchRecords: () => Promise.reject(new RangeError("bug")) };
    await expect(tryResolveNotation("Main/type", source, () => {})).rejects.toThrow(RangeError);
  });
});

describe("resolveLegacyNotation with inflated references", () => {
  const address = { uid: uidOf("address"), fields: [{ type: "address", value: [{ city: "C", zip: "1" }] }] };
  const card: NotationRecord = {
    uid: uidOf("card"),
    fields: [
      { type: "text", label: "__proto__", value: ["holder"] },
      { type: "text", label: "second text", value: ["not taken"] },
      { type: "pinCode", value: ["1234"] },
      { type: "addressRef", value: [uidOf("gone"), address.uid, uidOf("cardless")] },
    ],
  };
  const referring = (type: string, ...value: unknown[]): NotationRecord => ({
    uid: "r",
    title: "R",
    fields: [{ type, label: "ref", value }],
  });
  const inflate = async (notation: string, ...records: NotationRecord[]) => {
    const source = fakeSource(...records);
    const value = await resolveLegacyNotation(notation, source, { inflateReferences: true });
    return { value, requests: source.requests };
  };

  it("merges the parts of a card, reading each level at once", async () => {
    const records = [referring("cardRef", card.uid, card.uid, uidOf("gone")), card, address];
    const { value, requests } = await inflate("R/field/ref[]", ...records);
    const merged: unknown = JSON.parse('{"__proto__":"holder","pinCode":"1234","city":"C","zip":"1"}');
    expect(value).toEqual([merged, merged]);
    expect(requests).toEqual([
      "all",
      [card.uid, uidOf("gone")],
      [uidOf("gone"), address.uid, uidOf("cardless")],
    ]);
  });

  it.each([
    ["cardRef", [{ type: "pinCode", value: ["1"] }], "1"],
    [
      "cardRef",
      [
        { type: "text", value: ["t"] },
        { type: "pinCode", value: ["1"] },
      ],
      { text: "t", pinCode: "1" },
    ],
    ["cardRef", [{ type: "address", value: ["not a part"] }], undefined],
    ["addressRef", [{ type: "address", value: [] }], undefined],
    ["addressRef", [{ type: "addressRef", value: [uidOf("target")] }], undefined],
    ["cardRef", [{ type: "cardRef", value: [uidOf("target")] }], undefined],
    [
      "cardRef",
      [
        { type: "addressRef", value: [uidOf("target")] },
        { type: "address", value: ["self"] },
      ],
      "self",
    ],
  ])("%s to %j", async (type, fields, expected) => {
    const target = { uid: uidOf("target"), fields };
    const { value, requests } = await inflate("R/field/ref", referring(type, target.uid), target);
    expect(value).toEqual(expected);
    expect(requests).toEqual(["all", [target.uid]]);
  });

  it("asks for nothing when there is no reference, or nothing like a uid in it", async () => {
    expect(await inflate("R/field/ref", referring("cardRef"))).toEqual({
      value: undefined,
      requests: ["all"],
    });
    expect(await inflate("R/field/ref", referring("cardRef", 5, null))).toEqual({
      value: undefined,
      requests: ["all"],
    });
  });

  it("leaves other fields and other selectors alone", async () => {
    expect((await inflate("R/field/ref", referring("recordRef", "x"))).value).toBe("x");
    expect((await inflate("R/title", referring("cardRef", "x"))).value).toBe("R");
  });

  it("counts indexes on what is left", async () => {
    expect(
      (await inflate("R/field/ref[0]", referring("addressRef", uidOf("gone"), address.uid), address)).value,
    ).toEqual({ city: "C", zip: "1" });
    await expect(
      inflate("R/field/ref[1]", referring("addressRef", uidOf("gone"), address.uid), address),
    ).rejects.toThrow(/out of bounds/);
  });

  it("does nothing unless asked to", async () => {
    const source = fakeSource(referring("cardRef", card.uid), card);
    await expect(resolveLegacyNotation("R/field/ref", source, { dialect: "javascript" })).resolves.toBe(
      card.uid,
    );
    expect(source.requests).toEqual(["all"]);
  });
});
