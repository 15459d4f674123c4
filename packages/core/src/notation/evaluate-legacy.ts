/**
 * The single-value evaluation, `getValue` (ksm-protocol section 17.4, JavaScript column; deviations in
 * docs/decisions/0003-notation-legacy.md).
 */
import { NotationError } from "../errors/errors.ts";
import type { NotationField, NotationRecord } from "./notation-record.ts";
import type { ParsedNotation } from "./parse-notation.ts";
import { elementAt, matchFields, matchFiles, searchError, valueList } from "./select-field.ts";

/**
 * Evaluates a notation on its record to one value of any type: the first matching field's first value unless an
 * index says otherwise, the file itself for `file`, `""` for a missing type, title or notes.
 *
 * @returns the value; `undefined` when the field is empty or lacks the property of `[name]` or `[][name]`.
 * @throws {@link NotationError} as {@link evaluateStrict} does, except that several matches are none.
 */
export function evaluateLegacy(record: NotationRecord, parsed: ParsedNotation): unknown {
  const { selector } = parsed;
  if (selector === "file") return matchFiles(record, parsed)[0] ?? missing("FILE", parsed);
  if (selector !== "field" && selector !== "custom_field") return record[selector] ?? "";
  return legacyValue(legacyField(record, parsed).value, parsed);
}

/** Selects the first field with the notation's type or label. */
export function legacyField(record: NotationRecord, parsed: ParsedNotation): NotationField {
  return matchFields(record, parsed)[0] ?? missing("FIELD", parsed);
}

/** Applies the notation's indexes to a field value. */
export function legacyValue(value: unknown, parsed: ParsedNotation): unknown {
  const { index1, index2 } = parsed;
  checkLegacyIndex(parsed);
  const values = valueList(value);
  if (!index2) {
    if (index1 === undefined) return values[0];
    return index1 === "" ? (value ?? []) : elementAt(values, index1, parsed);
  }
  const element = index1 ? elementAt(values, index1, parsed) : values[0];
  // Own properties of texts (`length`) are readable without an index only, as in the original.
  const readable = element !== undefined && element !== null && (!index1 || typeof element === "object");
  const own = readable ? Object.getOwnPropertyDescriptor(element, index2) : undefined;
  if (own || (readable && !index1)) return own?.value;
  throw new NotationError(
    "ERR_KSM_NOTATION_OUT_OF_BOUNDS",
    `Notation error - value object has no property '${index2}'`,
    { notation: parsed.text },
  );
}

/**
 * Refuses `[name][…]`, which the legacy grammar lets pass; nothing needs to be fetched to know.
 *
 * @throws {@link NotationError} `ERR_KSM_NOTATION_INVALID`.
 */
export function checkLegacyIndex({ index1, text }: ParsedNotation): void {
  if (/^\d*$/.test(index1 ?? "")) return;
  throw new NotationError("ERR_KSM_NOTATION_INVALID", "Notation error - Invalid field index, not a number.", {
    notation: text,
  });
}

function missing(what: "FIELD" | "FILE", parsed: ParsedNotation): never {
  throw searchError(what, 0, parsed);
}
