/** Found by using the package as a stranger would: lost keys, expanding files, files in other encodings. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import {
  field,
  generate,
  readRecord,
  record,
  recordFromArguments,
  recordsFromText,
  typeFile,
  TypeRegistry,
} from "../../src/index.ts";
import { recordsFromFile } from "../../src/node/index.ts";
import { recordSchema } from "../../src/schema/index.ts";
import { placedProblemsOf, problemsOf } from "../support/failure.ts";

const frame = "version: v3\nkind: KeeperRecord\ndata:\n";

describe("keys that nobody reads are refused, not lost", () => {
  it("in record files", async () => {
    const text = `${frame}- recordType: login\n  title: a\n  fields: []\n  custom:\n  - {type: secret, label: k, value: x}\n`;
    expect(await problemsOf(() => recordsFromText(text, "yaml"))).toEqual(["UNKNOWN_KEY data[0].custom"]);
    const both = `${frame}- recordType: login\n  title: a\n  fields: []\n  customFields: []\n  custom_fields: []\n`;
    expect(await problemsOf(() => recordsFromText(both, "yaml"))).toEqual([
      "UNKNOWN_KEY data[0].custom_fields",
    ]);
  });

  it("in the builders and their schemas", async () => {
    const slip = { title: "x", feilds: { password: "p" } };
    expect(await problemsOf(() => record("login", slip as never))).toEqual(["UNKNOWN_KEY feilds"]);
    const result = await recordSchema("login")["~standard"].validate(slip);
    expect(result.issues).toMatchObject([{ path: ["feilds"] }]);
    expect(await problemsOf(() => field("text", "x", { lable: "y" } as never))).toEqual([
      "UNKNOWN_KEY lable",
    ]);
    expect(await problemsOf(() => field("text", "x", { complexity: {} } as never))).toEqual([
      "UNKNOWN_KEY complexity",
    ]);
  });

  it("in type files of ours, while exports of a vault may hold more", async () => {
    const registry = new TypeRegistry();
    const types = (row: string): string => `version: v3\nkind: KeeperRecordType\ndata:\n- ${row}\n`;
    expect(
      await problemsOf(() => registry.load(types("{name: pin, feilds: [{type: password}]}"), "yaml")),
    ).toEqual(["UNKNOWN_KEY data[0].feilds"]);
    expect(
      await problemsOf(() =>
        registry.load(types("{name: pin, fields: [{type: password, privacyScreen: true}]}"), "yaml"),
      ),
    ).toEqual(["UNKNOWN_KEY data[0].fields[0].privacyScreen"]);
    const content = JSON.stringify({ $id: "pin", categories: ["x"], fields: [{ $ref: "text", newer: 1 }] });
    expect(registry.loadData([{ recordTypeId: 1, recordTypeCategory: "y", content }])).toHaveLength(1);
  });

  it("keeps what newer vaults store in a field that was read", () => {
    const stored = { ...field("text", "x"), newer: 1 };
    expect(readRecord({ type: "login", title: "t", fields: [], custom: [stored] }).toData().custom).toEqual([
      stored,
    ]);
  });
});

describe("files that expand or are full of problems", () => {
  it("counts the text behind aliases", async () => {
    const long = Array(10_000).fill('{"first":"a"}').join();
    const text = `${frame}- recordType: login\n  title: a\n  fields: []\n  customFields:\n  - &f\n    type: name\n    value: '[${long}]'\n${"  - *f\n".repeat(15_000)}`;
    const [problem] = await placedProblemsOf(() => recordsFromText(text, "yaml"));
    expect(problem).toMatch(/^YAML_SYNTAX/);
  });

  it("tells the place of each of very many problems", async () => {
    const problems = await placedProblemsOf(() => recordsFromText(frame + "- 1\n".repeat(40_000), "yaml"));
    expect(problems).toHaveLength(40_000);
    expect(problems.at(-1)).toBe("ITEM_NOT_OBJECT 40003:3");
  });

  it("reads no tags", async () => {
    for (const value of ["!!omap [a: x]", "!!timestamp 2020-01-01", "!!binary aGVsbG8="]) {
      const text = `${frame}- recordType: login\n  title: a\n  fields: []\n  customFields:\n  - {type: note, label: l, value: ${value}}\n`;
      const outcome = await recordsFromText(text, "yaml").then(
        ([made]) => made?.custom?.[0]?.value,
        () => "refused",
      );
      // A tag on plain text leaves the text; anything else is refused.
      expect(outcome === "refused" || typeof (outcome as unknown[])[0] === "string").toBe(true);
    }
  });
});

describe("files in other encodings", () => {
  it("are refused instead of storing a damaged password", async () => {
    const folder = await mkdtemp(join(tmpdir(), "ksmkit-helper-"));
    const path = join(folder, "l1.yaml");
    const text = `${frame}- recordType: login\n  title: a\n  fields:\n  - {type: password, value: Pässwört}\n`;
    await writeFile(path, Buffer.from(text, "latin1"));
    expect(await problemsOf(() => recordsFromFile(path))).toEqual(["FILE_NOT_TEXT"]);
    await writeFile(path, Buffer.from(text, "utf16le"));
    expect((await problemsOf(() => recordsFromFile(path)))[0]).not.toBe("");
    await writeFile(path, `\uFEFF${text}`);
    const [made] = await recordsFromFile(path);
    expect(made?.fields.find(({ type }) => type === "password")?.value).toEqual(["Pässwört"]);
    await writeFile(path, Buffer.alloc(25 * 1024 * 1024, 0x20));
    expect(await problemsOf(() => recordsFromFile(path))).toEqual(["FILE_TOO_LARGE"]);
    await rm(folder, { recursive: true });
  });
});

describe("views", () => {
  it("generate by the rules of the stored field, else of the slot", () => {
    const registry = new TypeRegistry();
    const complexity = { length: 16, caps: 4, lowercase: 4, digits: 8, special: 0 };
    const data = [{ name: "pinned", fields: [{ type: "password", complexity }] }];
    registry.loadData({ version: "v3", kind: "KeeperRecordType", data });
    const made = recordFromArguments("pinned", { title: "t", args: [] }, { registry });
    const bare = { ...made, fields: [{ type: "password", value: [] }] };
    const view = readRecord(bare, undefined, { registry });
    view.set("password", generate());
    expect(view.field("password")?.value).toMatch(/^[A-Za-z0-9]{16}$/);
    const stored = {
      ...made,
      fields: [{ type: "password", value: [], complexity: { length: 12, digits: 12 } }],
    };
    const other = readRecord(stored);
    other.field("password")?.set(generate());
    expect(other.field("password")?.value).toMatch(/^\d{12}$/);
  });

  it("set what they gave", () => {
    for (const text of ['["a","b"]', "[]", " [1]"]) {
      const view = readRecord({
        type: "login",
        title: "t",
        fields: [{ type: "login", value: [text] }],
        custom: [],
      });
      view.field("login")?.set(view.field("login")?.value);
      expect(view.toData().fields).toEqual([{ type: "login", value: [text] }]);
    }
  });

  it("take empty text of a formatted key for none, as clients write it", () => {
    const card = { cardNumber: "4111", cardExpirationDate: "", cardSecurityCode: "" };
    const made = record("login", { title: "t", custom: [field("paymentCard", card as never)] });
    expect(made.custom[0]?.value).toEqual([{ cardNumber: "4111", cardSecurityCode: "" }]);
  });
});

it("type files keep text that looks like a number", async () => {
  const registry = new TypeRegistry();
  const complexity = { length: "20", digits: 2, filter_characters: "01" };
  const data = [{ name: "x", fields: [{ type: "password", complexity }] }];
  const types = registry.loadData({ version: "v3", kind: "KeeperRecordType", data });
  const written = typeFile(types);
  expect(written.data[0]?.fields[0]?.complexity).toEqual({ length: 20, digits: 2, filter_characters: "01" });
  expect(new TypeRegistry().loadData(written)).toHaveLength(1);
});

it("no message quotes base64 that looks like a field without a value", () => {
  for (const secret of ["c2VjcmV0cGFzc3dvcmQ=", "c2VjcmV0cGFzc3dvcg=="]) {
    expect(() => recordFromArguments("login", { title: "x", args: [secret] })).toThrow(
      expect.objectContaining({ message: expect.not.stringContaining("c2Vj") as string }),
    );
  }
  expect(() => recordFromArguments("login", { title: "x", args: ["colour=red"] })).toThrow("colour");
});
