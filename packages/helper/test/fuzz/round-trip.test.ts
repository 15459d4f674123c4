import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  fieldTypeNames,
  readRecord,
  record,
  recordFromArguments,
  recordsFromData,
  recordsFromText,
  recordTypeNames,
  validate,
  type FieldData,
} from "../../src/index.ts";
import { fieldFromInput } from "../../src/build/field.ts";
import { recordFromInput } from "../../src/build/record-from-input.ts";
import { fieldTypeSpecs } from "../../src/tables/tables.ts";
import { printYaml } from "../../src/templates/print-template.ts";
import { standardTypes } from "../../src/types/standard-types.ts";
import { arbitraryElements, arbitraryValue } from "../support/arbitrary-values.ts";

const numRuns = Number(process.env["KSMKIT_FUZZ_RUNS"] ?? 60);

function specOf(type: string): Parameters<typeof arbitraryElements>[0] {
  const spec = fieldTypeSpecs().get(type);
  if (!spec) throw new Error(`no field type ${type}`);
  return spec;
}

describe("every field type", () => {
  it.each(fieldTypeNames())("%s: build, JSON, parse, build is the identity", (type) => {
    fc.assert(
      fc.property(
        arbitraryElements(specOf(type)),
        fc.option(fc.string({ minLength: 1 }), { nil: undefined }),
        (value, label) => {
          const built = fieldFromInput({ type, value, label });
          expect(built.value).toEqual(value);
          const parsed = JSON.parse(JSON.stringify(built)) as FieldData;
          expect(fieldFromInput(parsed)).toEqual(built);
          const whole = record("login", { title: "T", custom: [built] });
          expect(record("login", { title: "T", custom: whole.custom })).toEqual(whole);
        },
      ),
      { numRuns },
    );
  });

  it.each(fieldTypeNames())("%s: builder, argument, JSON file and YAML file agree", async (type) => {
    const { value: spec } = specOf(type);
    await fc.assert(
      fc.asyncProperty(arbitraryValue(spec), async (value) => {
        // What all three can say: text, or the JSON of an object or array.
        const supplied = typeof value === "string" ? value : JSON.stringify(value);
        fc.pre(spec.kind !== "object" || supplied !== "{}");
        const built = [fieldFromInput({ type, label: "L", value: supplied })];
        const data = {
          recordType: "login",
          title: "T",
          fields: [],
          customFields: [{ type, label: "L", value: supplied }],
        };
        const file = { version: "v3", kind: "KeeperRecord", data: [data] };
        expect(
          recordFromArguments("login", { title: "T", args: [`c.${type}[L]=${supplied}`] }).custom,
        ).toEqual(built);
        expect(recordsFromData(file)[0]?.custom).toEqual(built);
        expect((await recordsFromText(JSON.stringify(file), "json"))[0]?.custom).toEqual(built);
        expect((await recordsFromText(printYaml(file), "yaml"))[0]?.custom).toEqual(built);
      }),
      { numRuns: Math.ceil(numRuns / 4) },
    );
  });
});

describe("every record type", () => {
  it.each(recordTypeNames({ includeUnverified: true }))(
    "%s: built, read and set again is the identity",
    (name) => {
      const slots = standardTypes().get(name)?.slots ?? [];
      const fields = fc.record(
        Object.fromEntries(slots.map((slot) => [slot.key, arbitraryElements(slot.type.spec)])),
        { requiredKeys: [], noNullPrototype: true },
      );
      fc.assert(
        fc.property(fc.string({ minLength: 1 }), fields, (title, values) => {
          const built = recordFromInput(name, { title, fields: values });
          expect(built.fields.map(({ value }) => value)).toEqual(slots.map(({ key }) => values[key] ?? []));
          const view = readRecord(JSON.parse(JSON.stringify(built)));
          expect(view.toData()).toEqual(built);
          for (const { key } of slots) view.set(key, view.getAll(key));
          expect(view.toData()).toEqual(built);
          expect(validate(built).filter(({ code }) => code === "ERR_HELPER_RECORD_TYPE_UNKNOWN")).toEqual([]);
        }),
        { numRuns: Math.ceil(numRuns / 4) },
      );
    },
  );
});

describe("any JSON at all", () => {
  it("is read and given back unchanged", () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue(), { noNullPrototype: true }), (data) => {
        const parsed: unknown = JSON.parse(JSON.stringify(data));
        expect(readRecord(parsed).toData()).toEqual(parsed);
      }),
    );
  });
});
