import { inspect } from "node:util";
import { describe, expect, it } from "vitest";
import { provider } from "#crypto";
import { decodeLinks, RecordLink } from "../../src/links/record-link.ts";

const key = new Uint8Array(32).fill(7);
const base64 = (text: string): string => Buffer.from(text).toString("base64");
const sealed = async (text: string): Promise<string> =>
  Buffer.from(await provider.sealGcm(key, Buffer.from(text))).toString("base64");

describe("decodeLinks", () => {
  it.each([[null], [undefined], [{}], ["x"], [5]])("makes no links of %j", (raw) => {
    expect(decodeLinks(raw)).toEqual([]);
  });

  it("leaves out what is no link and takes odd data and paths for missing", () => {
    const raw = [
      "x",
      null,
      [],
      {},
      { recordUid: 5 },
      { recordUid: "" },
      { recordUid: "a", data: 5, path: {} },
    ];
    const links = decodeLinks([...raw, { recordUid: "b", data: "", path: "" }]);
    expect(links.map(({ recordUid, data, path }) => [recordUid, data, path])).toEqual([
      ["a", null, null],
      ["b", "", ""],
    ]);
  });
});

describe("RecordLink", () => {
  it("decrypts with the owner's key unless given another", async () => {
    const [link] = decodeLinks(
      [{ recordUid: "r", path: "ai_settings", data: await sealed('{"version":1}') }],
      key,
    );
    await expect(link?.getDecryptedData()).resolves.toBe('{"version":1}');
    await expect(link?.getAiSettingsData()).resolves.toEqual({ version: 1 });
    await expect(link?.getSettingsForPath("ai_settings")).resolves.toEqual({ version: 1 });
    await expect(link?.getJitSettingsData()).resolves.toBeNull();
    await expect(link?.getDecryptedData(new Uint8Array(32))).resolves.toBeNull();
  });

  it.each([
    ["of the wrong length", new Uint8Array(31)],
    ["of no length", new Uint8Array()],
    ["that is text", "7".repeat(32)],
    ["that is null", null],
  ])("answers null for a key %s", async (_, wrong) => {
    const link = new RecordLink({ recordUid: "r", data: await sealed("{}") });
    // @ts-expect-error some of these are what callers without types may pass
    await expect(link.getDecryptedData(wrong)).resolves.toBeNull();
    // @ts-expect-error see above
    await expect(link.getLinkData(wrong)).resolves.toBeNull();
  });

  it.each(["[1]", "5", "null", "{", "text", ""])("takes sealed %j for no settings", async (text) => {
    const link = new RecordLink({ recordUid: "r", path: "jit_settings", data: await sealed(text) }, key);
    await expect(link.getDecryptedData()).resolves.toBe(text);
    await expect(link.getJitSettingsData()).resolves.toBeNull();
  });

  it.each([
    ["eyJpc19hZG1pbiI6dHJ1ZX0=", true],
    ["eyJpc19hZG1pbiI6dHJ1ZX0", true],
    ["eyJpc19h\r\n ZG1pbiI6dHJ1ZX0=", true],
    [base64('{"is_admin":true,"x":"~~~???>>>"}').replaceAll("+", "-").replaceAll("/", "_"), true],
    ["eyJpc19hZG1pbiI6dHJ1ZX0*", false],
    ["eyJpc19hZG1pbiI6dHJ1ZX0==", false],
    [base64('{"is_admin":1}'), false],
    [base64('{"is_admin":"true"}'), false],
    [base64('{"__proto__":{"is_admin":true}}'), false],
    [base64('[{"is_admin":true}]'), false],
    [base64(' {"is_admin":true}'), false],
  ])("reads %j as isAdminUser %s", (data, expected) => {
    expect(new RecordLink({ recordUid: "r", data }).isAdminUser()).toBe(expected);
  });

  it.each([
    ["", "", true],
    [" \n", "", true],
    ["!", null, false],
    [base64("x".repeat(91) + "\u0001".repeat(9)), "x".repeat(91) + "\u0001".repeat(9), false],
    [base64("x".repeat(90) + "\u0001".repeat(10)), "x".repeat(90) + "\u0001".repeat(10), true],
    [base64("\n\r\t ~"), "\n\r\t ~", false],
    [base64("[\u0001\u0001\u0001"), "[\u0001\u0001\u0001", false],
  ])("decodes %j to %j, encrypted: %s", (data, decoded, encrypted) => {
    const link = new RecordLink({ recordUid: "r", data });
    expect(link.getDecodedData()).toBe(decoded);
    expect(link.hasEncryptedData()).toBe(encrypted);
  });

  it.each([
    [3, 3],
    [-2, -2],
    [3.7, null],
    [2 ** 53, null],
    ["3", null],
    [true, null],
    [null, null],
  ])("reads the version %j as %j", (version, expected) => {
    const link = new RecordLink({ recordUid: "r", data: base64(JSON.stringify({ version })) });
    expect(link.getLinkDataVersion()).toBe(expected);
  });

  it("shows neither key nor data when printed", () => {
    const link = new RecordLink({ recordUid: "uid", path: "meta", data: base64("secret text") }, key);
    for (const shown of [inspect(link, { showHidden: true, depth: 9 }), JSON.stringify(link)]) {
      expect(shown).toContain("RecordLink(uid, meta)");
      expect(shown).not.toMatch(/c2Vjcm|secret|7, 7|0707/);
    }
    expect(inspect(new RecordLink({ recordUid: "uid" }))).toContain("RecordLink(uid)");
  });
});
