/** Stored values of every shape that the table of field types knows. */
import * as fc from "fast-check";
import type { FieldTypeSpec, ObjectSpec, ValueSpec } from "../../src/model/value-spec.ts";
import { enumValues } from "../../src/tables/tables.ts";

const uid = fc.stringMatching(/^[A-Za-z0-9_-]{22}$/);
const text = fc.oneof(
  fc.string({ unit: "binary", maxLength: 20 }),
  fc.constantFrom("true", "null", "007", "1e5", '"x"', "{", "[1]", '["a"]', '{"a":1}', "\n", " ", "~", "NaN"),
);
const formats = {
  uid,
  otpauth: fc.webQueryParameters().map((query) => `otpauth://totp/x?${query}`),
  cardExpiry: fc.stringMatching(/^(?:0[1-9]|1[0-2])\/[1-9][0-9]{3}$/),
};

/** Values as they are stored, for one shape. */
export function arbitraryValue(spec: ValueSpec): fc.Arbitrary<unknown> {
  switch (spec.kind) {
    case "text":
      return spec.format === undefined ? text : formats[spec.format];
    case "enum":
      return fc.constantFrom(...enumValues(spec.of));
    case "boolean":
      return fc.boolean();
    case "integer":
      return fc.maxSafeInteger();
    case "date":
      return fc.integer({ min: -8.64e15, max: 8.64e15 });
    case "list":
      return fc.array(spec.of === "uid" ? uid : text, { maxLength: 3 });
    default: {
      const known = fc.record(
        Object.fromEntries(Object.entries(spec.keys).map(([key, value]) => [key, arbitraryValue(value)])),
        { requiredKeys: [], noNullPrototype: true },
      );
      if (!spec.open) return known;
      const extra = fc.dictionary(fc.string({ maxLength: 5 }), fc.jsonValue({ maxDepth: 2 }), {
        maxKeys: 2,
        noNullPrototype: true,
      });
      return fc.tuple(known, extra).map(([object, more]) => ({ ...unknownKeys(more, spec), ...object }));
    }
  }
}

/** The elements of a field. Objects have a key at least: others are no elements. */
export function arbitraryElements(spec: FieldTypeSpec): fc.Arbitrary<unknown[]> {
  const isElement = (value: unknown): boolean =>
    typeof value !== "object" || Object.keys(value ?? {}).length > 0;
  return fc.array(arbitraryValue(spec.value).filter(isElement), { maxLength: 3 });
}

/** Keys that the table does not have. JSON has no -0, and null is how others say that a key is not there. */
function unknownKeys(object: Record<string, unknown>, { keys }: ObjectSpec): Record<string, unknown> {
  const parsed = JSON.parse(JSON.stringify(object)) as Record<string, unknown>;
  return Object.fromEntries(
    Object.entries(parsed).filter(
      ([key, value]) => value !== null && key !== "__proto__" && !Object.hasOwn(keys, key),
    ),
  );
}
