import { describe, expect, it } from "vitest";
import {
  defineRecordType,
  generate,
  record,
  recordTypeNames,
  slot,
  TypeRegistry,
  uid,
} from "../../src/index.ts";
import {
  validateWith,
  fieldSchema,
  recordJsonSchema,
  recordSchema,
  type StandardIssue,
  type StandardSchema,
} from "../../src/schema/index.ts";
import { buildEveryType } from "../fixtures/every-type.ts";
import { failureOf, problemsOf } from "../support/failure.ts";
import { schemaFaults } from "../support/json-schema-check.ts";

describe("recordJsonSchema", () => {
  it.each(Object.entries(buildEveryType()))("%s: describes what is built", (name, built) => {
    expect(schemaFaults(recordJsonSchema(name), built)).toEqual([]);
  });

  it("describes what is built with the other labels", () => {
    const built = record("bankCard", { title: "T" }, { labelStyle: "display" });
    expect(schemaFaults(recordJsonSchema("bankCard", { labelStyle: "display" }), built)).toEqual([]);
    expect(schemaFaults(recordJsonSchema("bankCard"), built)).not.toEqual([]);
  });

  it("describes what the builder takes", () => {
    const schema = recordJsonSchema("contact", { of: "input" });
    expect(
      schemaFaults(schema, { title: "T", fields: { name: { first: "Ann" }, phone: [{ type: "Work" }] } }),
    ).toEqual([]);
    expect(
      schemaFaults(recordJsonSchema("passport", { of: "input" }), {
        title: "T",
        fields: { birthDate: "1980-02-29" },
      }),
    ).toEqual([]);
  });

  it.each<[string, unknown]>([
    ["no title", { fields: { name: {} } }],
    ["an empty title", { title: "", fields: { name: {} } }],
    ["no fields where one is required", { title: "T" }],
    ["no required field", { title: "T", fields: {} }],
    ["another slot", { title: "T", fields: { name: {}, host: {} } }],
    ["another key", { title: "T", fields: { name: { given: "Ann" } } }],
    ["another value", { title: "T", fields: { name: {}, phone: { type: "Fax" } } }],
    ["another shape", { title: "T", fields: { name: "Ann" } }],
  ])("tells input with %s", (_, input) => {
    expect(schemaFaults(recordJsonSchema("contact", { of: "input" }), input)).not.toEqual([]);
  });

  it("describes custom types by name and by definition", () => {
    const badge = defineRecordType("badge", { number: slot("accountNumber") });
    const registry = new TypeRegistry().define(badge);
    expect(recordJsonSchema("badge", { registry })).toEqual(recordJsonSchema(badge));
    expect(schemaFaults(recordJsonSchema(badge), record(badge, { title: "T" }))).toEqual([]);
  });

  it("is JSON for every type and refuses what there is not", async () => {
    for (const name of recordTypeNames({ includeUnverified: true })) {
      const schema = recordJsonSchema(name);
      expect(JSON.parse(JSON.stringify(schema))).toEqual(schema);
    }
    expect(await problemsOf(() => recordJsonSchema("badge"))).toEqual(["RECORD_TYPE_UNKNOWN type"]);
  });
});

describe("recordSchema and fieldSchema", () => {
  it("follow the interface", () => {
    const { version, vendor, validate } = recordSchema("login")["~standard"];
    expect([version, vendor, typeof validate]).toEqual([1, "ksmkit", "function"]);
  });

  it("give the record or the issues, each with its path", async () => {
    const { validate } = recordSchema("login")["~standard"];
    expect(await validate({ title: "T", fields: { login: "ann" } })).toEqual({
      value: record("login", { title: "T", fields: { login: "ann" } }),
    });
    expect(await validate({ title: "", fields: { fileRef: ["x"] } })).toEqual({
      issues: [
        { message: "is missing or empty", path: ["title"] },
        { message: expect.stringContaining("no uid"), path: ["fields", "fileRef", 0] },
      ],
    });
    expect(await validate(null)).toEqual({ issues: [{ message: expect.any(String), path: [] }] });
    expect(await fieldSchema("checkbox")["~standard"].validate("yes")).toEqual({
      value: { type: "checkbox", value: [true] },
    });
    expect(await fieldSchema("checkbox")["~standard"].validate("maybe")).toHaveProperty("issues");
  });

  it("take options and custom types", async () => {
    const badge = defineRecordType("badge", { password: slot("password") });
    const schema = recordSchema(badge, { generatePasswords: true, complexity: { length: 9 } });
    expect(await schema["~standard"].validate({ title: "T" })).toMatchObject({
      value: { fields: [{ value: [expect.stringMatching(/^.{9}$/)] }] },
    });
  });

  it("do not hide faults that are not the input's", () => {
    const random = (): never => {
      throw new RangeError("out of bytes");
    };
    const { validate } = recordSchema("login", { random })["~standard"];
    expect(() => validate({ title: "T", fields: { password: generate() } })).toThrow(RangeError);
  });
});

describe("validateWith", () => {
  /** What zod, valibot and arktype look like from here. */
  function foreign<Output>(
    answer: Output | readonly StandardIssue[],
    isAsync: boolean,
  ): StandardSchema<unknown, Output> {
    const result = Array.isArray(answer)
      ? { issues: answer as readonly StandardIssue[] }
      : { value: answer as Output };
    const validate = (): typeof result | Promise<typeof result> =>
      isAsync ? Promise.resolve(result) : result;
    return { "~standard": { version: 1, vendor: "foreign", validate } };
  }

  it.each([[true], [false]])("gives what the schema makes of the value (async: %s)", async (isAsync) => {
    const input = { title: "T", fields: { fileRef: uid("OlLZ6JLjnyMOS3CiIPHBjw") } };
    expect(record("file", await validateWith(foreign(input, isAsync), "anything"))).toMatchObject({
      title: "T",
    });
  });

  it("turns issues into problems", async () => {
    const issues = [
      { message: "Too short", path: ["fields", { key: "login" }] },
      { message: "Wrong", path: ["list", 0, Symbol.iterator] },
      { message: "As a whole" },
    ];
    const error = await failureOf(() => validateWith(foreign(issues, true), {}));
    expect(error.problems.map(({ path, message }) => `${path}: ${message}`)).toEqual([
      "fields.login: Too short",
      'list[0]["Symbol(Symbol.iterator)"]: Wrong',
      ": As a whole",
    ]);
    expect(error.code).toBe("ERR_HELPER_SCHEMA_MISMATCH");
  });
});
