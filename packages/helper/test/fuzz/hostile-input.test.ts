import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  readRecord,
  recordFromObject,
  recordsFromData,
  recordsFromText,
  RecordHelperError,
  TypeRegistry,
  validate,
  type RecordData,
} from "../../src/index.ts";
import { fieldFromInput } from "../../src/build/field.ts";
import { recordFromInput } from "../../src/build/record-from-input.ts";
import { fieldTypeNames } from "../../src/index.ts";

/** Values that no compiler would let through, with the names that matter mixed in. */
const names = fc.constantFrom(
  "type",
  "title",
  "fields",
  "custom",
  "customFields",
  "value",
  "label",
  "data",
  "kind",
  "version",
  "recordType",
  "name",
  "$ref",
  "content",
  "recordTypeId",
  "complexity",
  "first",
  "__proto__",
  "constructor",
);
const words = fc.constantFrom(
  "login",
  "v3",
  "KeeperRecord",
  "KeeperRecordType",
  "text",
  "password",
  "name",
  "",
  "[",
  '{"a":',
  "true",
);
const { any } = fc.letrec<{ any: unknown }>((tie) => ({
  any: fc.oneof(
    { depthSize: "small" },
    words,
    fc.oneof(fc.boolean(), fc.double(), fc.constant(null), fc.constant(undefined), fc.bigInt(), fc.string()),
    fc.array(tie("any"), { maxLength: 3 }),
    fc.dictionary(names, tie("any"), { maxKeys: 6, noNullPrototype: true }),
  ),
}));
const file = fc.record({
  version: fc.constant("v3"),
  kind: fc.constantFrom("KeeperRecord", "KeeperRecordType"),
  data: fc.array(any, { maxLength: 3 }),
});

/** What became of it: a result, our own error, or whatever else was thrown. */
async function outcomeOf(run: () => unknown): Promise<unknown> {
  try {
    await run();
    return "ended well";
  } catch (error) {
    return error instanceof RecordHelperError && error.problems.length > 0 ? "ended well" : error;
  }
}

describe("input of any shape", () => {
  const entries: Record<string, (input: unknown) => unknown> = {
    recordFromInput: (input) => recordFromInput("login", input),
    fieldFromInput,
    recordFromObject,
    recordsFromData,
    readRecord: (input) => {
      const view = readRecord(input);
      return [
        view.title,
        view.notes,
        view.fields.map(({ values }) => values),
        view.custom.map(({ label }) => label),
      ];
    },
    validate: (input) => validate(input as RecordData),
    loadData: (input) => new TypeRegistry().loadData(input),
  };

  it.each(Object.entries(entries))("%s ends with a result or our error", async (_, run) => {
    await fc.assert(
      fc.asyncProperty(fc.oneof(any, file), async (input) => {
        expect(await outcomeOf(() => run(input))).toBe("ended well");
      }),
      { numRuns: 500 },
    );
  });

  it("values of every field type", async () => {
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...fieldTypeNames()), any, async (type, value) => {
        expect(await outcomeOf(() => fieldFromInput({ type, value }))).toBe("ended well");
      }),
      { numRuns: 2000 },
    );
  });

  it.each(["json", "yaml"] as const)("%s text", async (format) => {
    const text = fc.oneof(
      fc.string(),
      fc.json(),
      file.map(
        (value) =>
          JSON.stringify(value, (_, member: unknown) =>
            typeof member === "bigint" ? String(member) : member,
          ) ?? "",
      ),
    );
    await fc.assert(
      fc.asyncProperty(text, async (input) => {
        expect(await outcomeOf(() => recordsFromText(input, format))).toBe("ended well");
        expect(await outcomeOf(() => new TypeRegistry().load(input, format))).toBe("ended well");
      }),
      { numRuns: 200 },
    );
  });
});
