/** Typed record creation (helper.md section 18): a case expects `recommended` where there is one, else `reference`. */
import assert from "node:assert/strict";
import { fieldFromInput } from "../../../src/build/field.ts";
import {
  fieldTemplate,
  fieldTypeNames,
  parseFieldArgument,
  recordFromArguments,
  recordFromObject,
  recordsFromText,
  recordTemplate,
  RecordHelperError,
  TypeRegistry,
  type BuildOptions,
  type RecordType,
} from "../../../src/index.ts";
import { className, snakeCase } from "../../../src/types/type-file.ts";
import { toEpochMilliseconds } from "../../../src/values/date.ts";
import { assertMatches } from "./helper-markers.ts";
import { assertPasswordProperty, generateFrom } from "./helper-passwords.ts";
import type { VectorSuite } from "./vector-suite.ts";

type Input = Record<string, unknown>;
interface HelperCase {
  op: string;
  input: Input;
  reference: Input;
  recommended?: Input;
}

/** What each operation of the vectors is here; the result is compared with the case's. */
const operations: Record<string, (input: Input) => unknown> = {
  createFromFieldArgs: (input) => ({ record: fromArguments(input) }),
  createFromFile: async ({ text, format, ...rest }) => ({
    records: await recordsFromText(text as string, formatOf(format), buildOptions(rest)),
  }),
  fieldToJson: ({ fieldType, ...rest }) => ({ field: fieldOf({ type: fieldType, ...rest }) }),
  dateToMilliseconds: ({ value }) => ({ value: toEpochMilliseconds(value as string) }),
  parseFieldArg: ({ arg }) => {
    const { section, type, label = null, key = null, value = null } = parseFieldArgument(arg as string);
    return { parsed: { section, type, label, key, value } };
  },
  loadRecordTypes: async ({ text, format, then }) => {
    const registry = new TypeRegistry();
    const registered = (await registry.load(text as string, formatOf(format))).map(describeType);
    if (then === undefined) return { registered };
    return { registered, record: fromArguments({ title: "T", ...(then as Input) }, registry) };
  },
  recordTemplate: ({ recordType, title, notes }) => ({
    template: recordTemplate(recordType as string, { title: title as string, notes: notes as string }),
  }),
  fieldSchema: ({ fieldType }) => ({ schema: fieldTemplate(fieldType as string) }),
  recordTypeList: () => ({ list: new TypeRegistry().list() }),
  // Helper.md section 12 gives an order to record types only.
  fieldTypeList: () => ({ list: fieldTypeNames().toSorted() }),
  recordCreate: (input) => ({ record: recordFromObject(input) }),
  generatePassword: ({ complexity }) => generateFrom(complexity),
  makeClassName: ({ value }) => ({ value: className(value as string) }),
  camelToSnake: ({ value }) => ({ value: snakeCase(value as string) }),
};

export const suite: VectorSuite = {
  file: "helper-records.json",
  async run(vectorCase) {
    const { op, input, reference, recommended } = vectorCase as HelperCase;
    const operation = operations[op];
    assert.ok(operation, `unknown operation ${op}`);
    const expected = recommended ?? reference;
    const failure = expected["error"] as { code: string } | undefined;
    if (failure) {
      const error = await failureOf(async () => operation(input));
      assert.equal(error.code, `ERR_HELPER_${failure.code}`);
      assert.equal(error.problems[0]?.code, error.code);
      return;
    }
    const actual = await operation(input);
    if (op === "generatePassword") assertPasswordProperty(actual, expected["property"]);
    else assertMatches(actual, op === "fieldTypeList" ? sortedList(expected) : expected);
  },
};

async function failureOf(run: () => Promise<unknown>): Promise<RecordHelperError> {
  const outcome = await run().then(
    () => "no error",
    (error: unknown) => error,
  );
  assert.ok(outcome instanceof RecordHelperError, `expected a RecordHelperError, got ${String(outcome)}`);
  return outcome;
}

function fromArguments(input: Input, registry?: TypeRegistry): unknown {
  const { recordType, title, notes, fieldArgs, ...rest } = input;
  const args = typeof fieldArgs === "string" ? [fieldArgs] : (fieldArgs as string[]);
  return recordFromArguments(
    recordType as string,
    { title: title as string, notes: notes as string, args },
    { ...buildOptions(rest), registry },
  );
}

function buildOptions({ passwordGenerate, passwordComplexity }: Input): BuildOptions {
  return {
    generatePasswords: passwordGenerate === true,
    ...(passwordComplexity === undefined ? {} : { complexity: passwordComplexity as object }),
  };
}

/** A lone field, as `field()` makes it, from input that no compiler has seen. */
function fieldOf({ passwordGenerate, ...input }: Input): unknown {
  return fieldFromInput(input, { generatePasswords: passwordGenerate === true });
}

/** A type in the spelling of the helper's files. */
function describeType({ name, slots }: RecordType): unknown {
  const fields = slots.map((slot) =>
    withoutUndefined({
      type: slot.type.name,
      label: slot.label,
      required: slot.required,
      privacy_screen: slot.privacyScreen,
      enforce_generation: slot.enforceGeneration,
      complexity: slot.givenComplexity,
      allow_multiple: slot.allowMultiple,
    }),
  );
  return { name, fields };
}

function withoutUndefined(object: Input): Input {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined));
}

function sortedList({ list }: Input): Input {
  return { list: (list as string[]).toSorted() };
}

function formatOf(format: unknown): "json" | "yaml" {
  assert.ok(format === "json" || format === "yaml");
  return format;
}
