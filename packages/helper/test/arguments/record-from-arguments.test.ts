import { describe, expect, it } from "vitest";
import { recordFromArguments, type ArgumentsInput, type RecordData } from "../../src/index.ts";
import { failureOf, problemsOf } from "../support/failure.ts";

function make(type: string, ...args: string[]): RecordData {
  return recordFromArguments(type, { title: "T", args });
}

/** Fields that have a value, as `type[label]` to value. */
function filled({ fields }: RecordData): Record<string, readonly unknown[]> {
  return Object.fromEntries(
    fields
      .filter(({ value }) => value.length > 0)
      .map(({ type, label, value }) => [label === undefined ? type : `${type}[${label}]`, value]),
  );
}

describe("recordFromArguments", () => {
  it("gives labelled values their slots first, whatever the order", () => {
    expect(
      filled(
        make("pamMachine", "text=first free", "f.text[Instance-Name]=web", "text[operatingSystem]=linux"),
      ),
    ).toEqual({
      "text[operatingSystem]": ["linux"],
      "text[instanceName]": ["web"],
      "text[instanceId]": ["first free"],
    });
  });

  it("lets a slot without a display label carry the caller's", () => {
    expect(filled(make("sshKeys", "password[My phrase]=x"))).toEqual({ "password[My phrase]": ["x"] });
    expect(filled(make("sshKeys", "password[PASS PHRASE]=x"))).toEqual({ "password[passphrase]": ["x"] });
  });

  it("puts the keys of one value together, also for a labelled slot", () => {
    expect(filled(make("healthInsurance", "name.first=A", "accountNumber=1", "name.last=B"))).toEqual({
      accountNumber: ["1"],
      "name[insuredsName]": [{ first: "A", last: "B" }],
    });
  });

  it("starts a telephone anew when a key repeats", () => {
    const { custom } = make(
      "login",
      "c.phone.type=Home",
      "c.phone.number=1",
      "c.phone.number=2",
      "c.phone.ext=3",
      "c.phone.type=Work",
    );
    expect(custom).toEqual([
      {
        type: "phone",
        value: [
          { number: "1", type: "Home" },
          { number: "2", ext: "3", type: "Work" },
        ],
      },
    ]);
  });

  it("adds keys to the last object of a JSON value", () => {
    const { custom } = make(
      "login",
      'c.name={"first":"A"}',
      'c.name={"first":"B"}',
      "c.name.last=C",
      "c.name=",
    );
    expect(custom).toEqual([{ type: "name", value: [{ first: "A" }, { first: "B", last: "C" }] }]);
  });

  it("keeps custom fields in order and apart", () => {
    const { custom } = make(
      "login",
      "c.text=a",
      "c.url[L]=b",
      "c.text=c",
      "c.text[L]=d",
      "c.name[L].first=e",
      "c.name.first=f",
    );
    expect(custom.map(({ type, label, value }) => [type, label, value[0]])).toEqual([
      ["text", undefined, "a"],
      ["url", "L", "b"],
      ["text", undefined, "c"],
      ["text", "L", "d"],
      ["name", "L", { first: "e" }],
      ["name", undefined, { first: "f" }],
    ]);
  });

  it("lists everything that is wrong with any argument", async () => {
    const args = [
      "nope=1",
      "login=ann",
      "login=bob",
      "c.text[L]=a",
      "c.text[L]=b",
      "c.name=[]",
      "c.name.first=A",
      "c.phone.number=1",
      "c.phone.type=Fax",
      'c.address={"country":"XX","planet":"Mars"}',
      'c.address.city={"not":"read"}',
      "c.date=soon",
      "text=x",
      "c.keyPair.publicKey=a",
      "c.keyPair.publicKey=b",
    ];
    expect(await problemsOf(() => recordFromArguments("login", { title: "", args }))).toEqual([
      "UNKNOWN_FIELD_TYPE args[0]",
      "TITLE_MISSING title",
      "FIELD_NOT_UNIQUE args[4]",
      "FIELD_NOT_UNIQUE args[6]",
      "DUPLICATE_VALUE_KEY args[14]",
      "NO_STANDARD_SLOT args[2]",
      "NO_STANDARD_SLOT args[12]",
      "INVALID_ENUM args[8]",
      "INVALID_ENUM args[9].country",
      "UNKNOWN_VALUE_KEY args[9].planet",
      "INVALID_DATE args[11]",
    ]);
  });

  it.each<[string, string[], string]>([
    ["contact", ['phone=[{"number":"1"}]', "phone.number=2"], "STANDARD_ALREADY_SET args[1]"],
    ["contact", ["name=Ann Lee"], "VALUE_NOT_OBJECT args[0]"],
    ["contact", ["name={"], "INVALID_JSON args[0]"],
    ["contact", ["name=[1]"], "VALUE_NOT_OBJECT args[0]"],
    ["bankCard", ["text[Owner]=x"], "NO_STANDARD_SLOT args[0]"],
    ["login", ["password[a]=x", "password[b]=y"], "NO_STANDARD_SLOT args[1]"],
  ])("%s %j", async (type, args, problem) => {
    expect(await problemsOf(() => make(type, ...args))).toEqual([problem]);
  });

  it("never shows a value in a message", async () => {
    const secret = "hunter2";
    const args = [
      `password=a`,
      `password=${secret}`,
      `c.name=${secret}`,
      `c.name={"first":"${secret}"`,
      `c.date=${secret}`,
      `c.checkbox=${secret}`,
      `c.fileRef=${secret}`,
      `c.otp=${secret}`,
      `c.address.country=${secret}`,
      `c.paymentCard.cardExpirationDate=${secret}`,
      `c.script.recordRef=${secret}`,
    ];
    const error = await failureOf(() => make("login", ...args));
    expect(error.problems).toHaveLength(args.length - 1);
    expect(`${error.message}${JSON.stringify(error.problems)}`).not.toContain(secret);
  });

  it.each<[string, unknown]>([
    ["no input", undefined],
    ["a text for arguments", { title: "T", args: "login=a" }],
  ])("refuses %s", async (_, input) => {
    const problems = await problemsOf(() => recordFromArguments("login", input as ArgumentsInput));
    expect(problems).toEqual(["ARGUMENT_INVALID"]);
  });

  it("refuses an argument that is no text", async () => {
    const args = [5] as unknown as string[];
    expect(await problemsOf(() => recordFromArguments("login", { title: "T", args }))).toEqual([
      "ARGUMENT_INVALID args[0]",
    ]);
  });

  it("says what a type offers", async () => {
    const { message } = await failureOf(() => make("bankCard", "text[Owner]=x", "host=y"));
    expect(message).toContain("its labels are Cardholder Name");
    expect(message).toContain("use a custom field");
  });
});
