/** A small validator for the keywords that our JSON Schemas use; an unknown keyword is a fault of the test. */
type Schema = Record<string, unknown>;

const annotations = new Set(["$schema", "title", "description", "examples", "writeOnly"]);

const keywords: Record<string, (argument: never, value: unknown, schema: Schema) => string[]> = {
  type: (types: string | string[], value) =>
    [types].flat().some((type) => isOfType(type, value)) ? [] : [`is no ${String(types)}`],
  const: (expected: unknown, value) => (value === expected ? [] : ["is not the constant"]),
  enum: (values: unknown[], value) => (values.includes(value) ? [] : ["is not in the enumeration"]),
  pattern: (pattern: string, value) =>
    typeof value !== "string" || new RegExp(pattern, "u").test(value) ? [] : ["does not match"],
  minLength: (length: number, value) =>
    typeof value !== "string" || value.length >= length ? [] : ["is too short"],
  anyOf: (schemas: Schema[], value) =>
    schemas.some((schema) => schemaFaults(schema, value).length === 0) ? [] : ["fits none"],
  required: (keys: string[], value) =>
    keys.filter((key) => isObject(value) && !Object.hasOwn(value, key)).map((key) => `lacks ${key}`),
  minProperties: (count: number, value) =>
    !isObject(value) || Object.keys(value).length >= count ? [] : ["is empty"],
  properties: (schemas: Record<string, Schema>, value) =>
    Object.entries(schemas).flatMap(([key, schema]) =>
      isObject(value) && Object.hasOwn(value, key) ? schemaFaults(schema, value[key]) : [],
    ),
  additionalProperties: (allowed: boolean, value, { properties }) =>
    allowed || !isObject(value)
      ? []
      : Object.keys(value).filter((key) => !Object.hasOwn(properties as object, key)),
  prefixItems: (schemas: Schema[], value) =>
    Array.isArray(value)
      ? schemas.flatMap((schema, index) => (index < value.length ? schemaFaults(schema, value[index]) : []))
      : [],
  items: (schema: Schema | false, value, { prefixItems = [] }) => {
    const rest = Array.isArray(value) ? value.slice((prefixItems as unknown[]).length) : [];
    return rest.flatMap((entry) => (schema === false ? ["is one too many"] : schemaFaults(schema, entry)));
  },
};

/** What is wrong with a value by a schema. */
export function schemaFaults(schema: Schema, value: unknown): string[] {
  return Object.entries(schema).flatMap(([keyword, argument]) => {
    if (annotations.has(keyword) && typeof argument !== "object") return [];
    if (keyword === "examples") return [];
    const check = keywords[keyword];
    if (!check) throw new Error(`unknown keyword ${keyword}`);
    return check(argument as never, value, schema);
  });
}

function isObject(value: unknown): value is Schema {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isOfType(type: string, value: unknown): boolean {
  if (type === "object") return isObject(value);
  if (type === "array") return Array.isArray(value);
  return type === "integer" ? Number.isInteger(value) : typeof value === type;
}
