/** The one-line notation of a field, `[f.|c.]type[label].key=value` (helper.md sections 6.1 and 6.2; vectors `parse-*`). */
import type { HelperErrorCode } from "../errors/codes.ts";
import { Place } from "../errors/place.ts";
import { Problems } from "../errors/problems.ts";
import { findFieldType, type FieldType, unknownTypeText } from "../types/field-type.ts";

/** A field argument, taken apart. */
export interface FieldArgument {
  /** `f`: a standard field; `c`: a custom one. */
  readonly section: "f" | "c";
  readonly type: string;
  readonly label: string | undefined;
  /** Key of an object value. */
  readonly key: string | undefined;
  /** The value as text; `undefined` when it is empty. */
  readonly value: string | undefined;
}

/**
 * Takes a field argument apart, without looking at the value.
 *
 * @throws {@link RecordHelperError} `ERR_HELPER_BAD_FIELD_SECTION`, `ERR_HELPER_BAD_FIELD_SYNTAX`,
 *   `ERR_HELPER_UNKNOWN_FIELD_TYPE`, `ERR_HELPER_UNTERMINATED_LABEL`, `ERR_HELPER_NO_VALUE_KEYS`,
 *   `ERR_HELPER_UNKNOWN_VALUE_KEY` or `ERR_HELPER_DUPLICATE_VALUE_KEY`. The message never quotes the value.
 * @example
 * ```ts
 * parseFieldArgument("c.name[My Doctor].first=Jane");
 * // { section: "c", type: "name", label: "My Doctor", key: "first", value: "Jane" }
 * ```
 */
export function parseFieldArgument(text: string): FieldArgument {
  const problems = new Problems();
  return problems.unlessAny(readFieldArgument(text, new Place(), problems));
}

/** Splits a field argument into its parts, or reports its problem. */
export function readFieldArgument(
  text: unknown,
  place: Place,
  problems: Problems,
): FieldArgument | undefined {
  const fail = (code: HelperErrorCode, message: string): undefined => problems.add(code, place, message);
  if (typeof text !== "string") return fail("ERR_HELPER_ARGUMENT_INVALID", "must be text");
  const section = /^(.)\./su.exec(text)?.[1];
  if (section !== undefined && section !== "f" && section !== "c") {
    return fail("ERR_HELPER_BAD_FIELD_SECTION", "must start with f. (standard), c. (custom) or a field type");
  }
  const rest = section === undefined ? text : text.slice(2);
  const name = /^([A-Za-z0-9_]+)[.[=]/.exec(rest)?.[1];
  if (name === undefined) {
    return fail(
      "ERR_HELPER_BAD_FIELD_SYNTAX",
      "must be a field type, then [label], .key or =, then the value",
    );
  }
  const type = findFieldType(name);
  if (!type) {
    // Base64 that ends in = looks like a name without a value, and may be a secret.
    const hasValue = /=[^]*[^=]/.test(rest.slice(name.length));
    return fail("ERR_HELPER_UNKNOWN_FIELD_TYPE", unknownTypeText(hasValue ? name : undefined));
  }

  let label: string | undefined;
  let key: string | undefined;
  let at = name.length;
  while (rest[at] !== "=") {
    if (rest[at] === "[") {
      const [found, content = ""] = /^\[([^\]\\]*(?:\\.[^\]\\]*)*)\]/s.exec(rest.slice(at)) ?? [];
      if (found === undefined)
        return fail("ERR_HELPER_UNTERMINATED_LABEL", "has a label without a closing ]");
      label = content.replace(/\\(.)/gs, "$1") || label;
      at += found.length;
    } else if (rest[at] === ".") {
      if (key !== undefined) return fail("ERR_HELPER_DUPLICATE_VALUE_KEY", "names more than one key");
      key = /^([A-Za-z0-9_]+)[.[=]/.exec(rest.slice(at + 1))?.[1];
      if (key === undefined)
        return fail("ERR_HELPER_BAD_FIELD_SYNTAX", "must have a key and = after the dot");
      const fault = keyFault(type, key);
      if (fault) return fail(...fault);
      at += 1 + key.length;
    } else {
      return fail("ERR_HELPER_BAD_FIELD_SYNTAX", "must go on with [label], .key or = after the label");
    }
  }
  return { section: section ?? "f", type: name, label, key, value: rest.slice(at + 1) || undefined };
}

function keyFault({ name, spec: { value } }: FieldType, key: string): [HelperErrorCode, string] | undefined {
  if (value.kind !== "object") return ["ERR_HELPER_NO_VALUE_KEYS", `names a key, but ${name} has none`];
  if (Object.hasOwn(value.keys, key)) return undefined;
  return ["ERR_HELPER_UNKNOWN_VALUE_KEY", `names none of the keys ${Object.keys(value.keys).join(", ")}`];
}
