/** Validates documents from outside with Valibot: seeds, fault scripts, state files, request payloads. */
import { isJsonObject, type JsonObject, nearestName, printable } from "@ksmkit/common";
import * as v from "valibot";

/** A schema for any input. Its output has every default filled in. */
export type Schema<Output> = v.GenericSchema<unknown, Output>;

/** Makes the error of the calling module from a sentence such as `records[2].title must be text`. */
export type ErrorFactory = (sentence: string) => Error;

/** What {@link validate} needs besides the schema and the document. */
export interface ValidateOptions {
  readonly toError: ErrorFactory;
  /** Where the document is inside a larger one, for example `rules[2]`. Default: the document itself. */
  readonly place?: string;
}

/**
 * Validates a document against a schema.
 *
 * @throws the error of `toError` for the first fault. It names the place and the expected form, never the value.
 */
export function validate<Output>(
  schema: Schema<Output>,
  document: unknown,
  { toError, place = "" }: ValidateOptions,
): Output {
  const result = v.safeParse(schema, document, { abortEarly: true });
  if (result.success) return result.output;
  const [{ path = [], message }] = result.issues;
  const where = path.reduce((parent, { key }) => placeOf(parent, key), place);
  throw toError(`${where || "the document"} must be ${message}`);
}

/** The place of a member or list item, for example `records[2].title`. */
export function placeOf(parent: string, key: unknown): string {
  if (typeof key === "number") return `${parent}[${key}]`;
  return parent === "" ? String(key) : `${parent}.${String(key)}`;
}

/** A JSON object with these members; further members are dropped. The schemas' messages name the expected form. */
export function object<Entries extends v.ObjectEntries>(
  entries: Entries,
): Schema<v.InferOutput<v.ObjectSchema<Entries, undefined>>> {
  return v.pipe(v.custom<JsonObject>(isJsonObject, "an object"), v.object(entries, missingMember(entries)));
}

/** The same, but further members are kept. */
export function openObject<Entries extends v.ObjectEntries>(
  entries: Entries,
): Schema<v.InferOutput<v.ObjectSchema<Entries, undefined>> & JsonObject> {
  return v.pipe(
    v.custom<JsonObject>(isJsonObject, "an object"),
    v.looseObject(entries, missingMember(entries)),
  );
}

/** Valibot reports a missing member with the message of the object; the form of the member says more. */
function missingMember(entries: v.ObjectEntries): (issue: v.BaseIssue<unknown>) => string {
  return ({ path }) => {
    const schema = entries[String(path?.[0]?.key)];
    return schema !== undefined && "message" in schema && typeof schema.message === "string"
      ? schema.message
      : "present";
  };
}

/** A member that no schema knows, and the known name closest to it. */
export interface UnknownMember {
  readonly place: string;
  readonly nearest: string | undefined;
}

/** The parts of a Valibot schema that lead to the objects inside it. */
interface SchemaNode {
  readonly type?: string;
  readonly entries?: Readonly<Record<string, SchemaNode>>;
  readonly item?: SchemaNode;
  readonly wrapped?: SchemaNode;
  readonly pipe?: readonly SchemaNode[];
}

/**
 * Lists the members of a document that its schema does not name.
 *
 * @yields each unknown member, in the order of the document
 */
export function* unknownMembers(schema: object, document: unknown, place = ""): Generator<UnknownMember> {
  const { type, entries, item, wrapped, pipe } = schema as SchemaNode;
  if (pipe !== undefined) {
    // The first item of a pipe is the schema that the others refine.
    for (const part of pipe) yield* unknownMembers(part, document, place);
  } else if (wrapped !== undefined) yield* unknownMembers(wrapped, document, place);
  else if (item !== undefined && Array.isArray(document)) {
    for (const [index, each] of document.entries()) yield* unknownMembers(item, each, placeOf(place, index));
  } else if (entries !== undefined && isJsonObject(document)) {
    for (const [key, value] of Object.entries(document)) {
      const member = Object.hasOwn(entries, key) ? entries[key] : undefined;
      if (member !== undefined) yield* unknownMembers(member, value, placeOf(place, key));
      else if (type === "object") {
        yield { place: placeOf(place, printable(key, 64)), nearest: nearestName(key, Object.keys(entries)) };
      }
    }
  }
}
