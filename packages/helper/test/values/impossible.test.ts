import { describe, expect, it } from "vitest";
import {
  field,
  printTemplate,
  readRecord,
  record,
  recordFromArguments,
  recordsFromData,
  recordsFromText,
  recordTemplate,
  recordTypeNames,
  validate,
  type RecordData,
} from "../../src/index.ts";
import { fieldFromInput } from "../../src/build/field.ts";
import { placedProblemsOf, problemsOf } from "../support/failure.ts";

function card(cardExpirationDate: string): RecordData {
  const value = [{ cardNumber: "4111111111111111", cardExpirationDate }];
  return { type: "bankCard", title: "T", fields: [{ type: "paymentCard", value }], custom: [] };
}

function expiryErrors(data: RecordData): string[] {
  return validate(data)
    .filter(({ severity }) => severity === "error")
    .map(({ code, path }) => `${code} ${path}`);
}

describe("a card expiry", () => {
  const impossible = ["13/2030", "00/2030", "99/2030", "20/2030", "01/0000"];
  const malformed = ["1/2030", "01/30", "2030-01", "01-2030", "01/2030 ", " 01/2030", "01/2030\n", "ab/2030"];

  it.each([...impossible, ...malformed])(
    "%j is refused by builders and reported by validate",
    async (text) => {
      const fields = { paymentCard: { cardExpirationDate: text } };
      expect(await problemsOf(() => record("bankCard", { title: "T", fields }))).toEqual([
        "INVALID_FORMAT fields.paymentCard.cardExpirationDate",
      ]);
      expect(await problemsOf(() => field("paymentCard", [{ cardExpirationDate: text }]))).toEqual([
        "INVALID_FORMAT value[0].cardExpirationDate",
      ]);
      expect(
        await problemsOf(() => fieldFromInput({ type: "paymentCard", value: { cardExpirationDate: text } })),
      ).toEqual(["INVALID_FORMAT value.cardExpirationDate"]);
      expect(expiryErrors(card(text))).toContain(
        "ERR_HELPER_INVALID_FORMAT fields[0].value[0].cardExpirationDate",
      );
      const view = readRecord(card("01/2030"), "bankCard");
      expect(await problemsOf(() => view.set("paymentCard", { cardExpirationDate: text }))).toEqual([
        "INVALID_FORMAT value.cardExpirationDate",
      ]);
    },
  );

  it.each(["01/2030", "12/2030", "09/1999", "10/0001"])("%j is accepted", (text) => {
    expect(expiryErrors(card(text))).toEqual([]);
    const fields = { paymentCard: { cardExpirationDate: text } };
    expect(record("bankCard", { title: "T", fields }).fields[0]?.value).toEqual([
      { cardExpirationDate: text },
    ]);
  });

  it.each(impossible)(
    "%j passes arguments and files as with the official helper, unless strict",
    async (text) => {
      const args = [`paymentCard.cardExpirationDate=${text}`];
      const data = {
        version: "v3",
        kind: "KeeperRecord",
        data: [
          {
            recordType: "bankCard",
            title: "T",
            fields: [],
            customFields: [{ type: "paymentCard", value: { cardExpirationDate: text } }],
          },
        ],
      };
      const stored = [{ cardExpirationDate: text }];
      expect(recordFromArguments("bankCard", { title: "T", args }).fields[0]?.value).toEqual(stored);
      expect(recordsFromData(data)[0]?.custom[0]?.value).toEqual(stored);
      const strict = { strict: true };
      expect(await problemsOf(() => recordFromArguments("bankCard", { title: "T", args }, strict))).toEqual([
        expect.stringMatching(/^INVALID_FORMAT args\[0\]/),
      ]);
      expect(await problemsOf(() => recordsFromData(data, strict))).toEqual([
        "INVALID_FORMAT data[0].customFields[0].value.cardExpirationDate",
      ]);
    },
  );
});

describe("a template that was left unfilled", () => {
  /** A template whose checked values are filled in, so that only the placeholders are wrong. */
  const login = {
    version: "v3",
    kind: "KeeperRecord",
    data: [
      {
        ...recordTemplate("login").data[0],
        fields: recordTemplate("login").data[0].fields.filter(({ type }) =>
          ["login", "password", "url"].includes(type),
        ),
      },
    ],
  };

  it.each(recordTypeNames({ includeUnverified: true }))(
    "of %s is refused by a strict build",
    async (name) => {
      for (const format of ["json", "yaml"] as const) {
        const text = printTemplate(recordTemplate(name), format);
        const problems = await placedProblemsOf(() => recordsFromText(text, format, { strict: true }));
        expect(problems.filter((problem) => problem.startsWith("PLACEHOLDER_LEFT")).length).toBeGreaterThan(
          1,
        );
      }
    },
  );

  it("is refused with the place of each value", async () => {
    expect(await problemsOf(() => recordsFromData(login, { strict: true }))).toEqual([
      "PLACEHOLDER_LEFT data[0].fields[0].value",
      "PLACEHOLDER_LEFT data[0].fields[1].value",
      "PLACEHOLDER_LEFT data[0].fields[2].value",
      "PLACEHOLDER_LEFT data[0].title",
      "PLACEHOLDER_LEFT data[0].notes",
    ]);
  });

  it("is reported by validate, also inside objects, lists and custom fields", () => {
    const [made] = recordsFromData(login);
    const codes = validate(made!).map(({ code, path, severity }) => [severity, code, path]);
    expect(codes).toEqual(
      ["title", "notes", "fields[1].value[0]", "fields[2].value[0]", "fields[3].value[0]"].map((path) => [
        "error",
        "ERR_HELPER_PLACEHOLDER_LEFT",
        path,
      ]),
    );
    const name = { first: "<#ADD: first>", last: "Lee" };
    const custom = [
      field("name", name),
      field("text", ["a", "x <#ADD: …>"]),
      field("pamRemoteBrowserSettings", { connection: { userRecords: ["OlLZ6JLjnyMOS3CiIPHBjw"] } } as never),
    ];
    const built = record("login", { title: "T", custom });
    expect(validate(built).map(({ path }) => path)).toEqual([
      "custom[0].value[0].first",
      "custom[1].value[1]",
    ]);
  });

  it("is refused by strict builders in code, and by arguments", async () => {
    const strict = { strict: true };
    const fields = { login: "ann", password: "<#ADD: password>" };
    expect(await problemsOf(() => record("login", { title: "T", fields }, strict))).toEqual([
      "PLACEHOLDER_LEFT fields.password",
    ]);
    const input = { title: "<#ADD: the title>", notes: "<#ADD: notes>", args: ["c.text[x]=<#ADD: text>"] };
    expect(await problemsOf(() => recordFromArguments("login", input, strict))).toEqual([
      expect.stringMatching(/^PLACEHOLDER_LEFT args\[0\]/),
      "PLACEHOLDER_LEFT title",
      "PLACEHOLDER_LEFT notes",
    ]);
    const custom = [field("text", "<#ADD: text>")];
    expect(await problemsOf(() => record("login", { title: "T", custom }, strict))).toEqual([
      "PLACEHOLDER_LEFT custom[0].value[0]",
    ]);
  });

  it("never has its text quoted", async () => {
    const fields = { password: "s3cret <#ADD: password>" };
    const run = (): unknown => record("login", { title: "T", fields }, { strict: true });
    expect(run).toThrow("is still the placeholder of a template");
    expect(run).not.toThrow("s3cret");
  });
});
