/**
 * Record types for validation libraries: JSON Schema, Standard Schema, and input checked with a schema of your own.
 *
 * @module
 */
export { validateWith } from "./validate-with.ts";
export { recordJsonSchema, type JsonSchema, type JsonSchemaOptions } from "./json-schema.ts";
export { fieldSchema, recordSchema } from "./record-schema.ts";
export type {
  StandardIssue,
  StandardProperties,
  StandardResult,
  StandardSchema,
} from "./standard-schema-spec.ts";
