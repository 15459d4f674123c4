/** What a reference asks for, taken from its record. */
import { NotationError, RecordError } from "../../errors/errors.ts";
import { evaluateStrict, firstText } from "../../notation/evaluate-strict.ts";
import type { ParsedNotation } from "../../notation/parse-notation.ts";
import type { KsmFile } from "../../records/ksm-file.ts";
import type { KsmRecord } from "../../records/ksm-record.ts";
import type { Target } from "./parse-reference.ts";
import { matchFields } from "../../notation/select.ts";
import { findField } from "../../records/record-field.ts";

/** A value, or the file whose content is the value. */
export type Picked = { readonly value: unknown; readonly file?: undefined } | { readonly file: KsmFile };

/**
 * Takes the value that a reference asks for.
 *
 * @throws {@link RecordError} `ERR_KSM_FIELD_NOT_FOUND`, `ERR_KSM_FIELD_EMPTY`, `ERR_KSM_RECORD_BROKEN` for a
 *   file; {@link NotationError} `ERR_KSM_NOTATION_*`
 */
export function pickValue(record: KsmRecord, target: Target): Picked {
  if (target.kind === "record") return { value: record };
  if (target.kind !== "field") return pickByNotation(record, target.notation);
  const { list, key, all } = target;
  const values = list === "field" ? record.fieldValues(key) : record.customFieldValues(key);
  if (all) return { value: values };
  const [value] = values;
  if (value === undefined || value === null) throw empty(record, `${list} "${key}"`);
  return { value };
}

function pickByNotation(record: KsmRecord, notation: ParsedNotation): Picked {
  const { selector, index1 } = notation;
  const { file, values } =
    selector === "file" ? findFile(record, notation) : evaluateStrict(record, notation);
  if (file) return { file };
  if (index1 === "") return { value: values };
  return { value: firstText(record, notation, values) };
}

/** As the notation does it, except that a file which does not open is reported as broken, not as missing. */
function findFile(record: KsmRecord, notation: ParsedNotation): ReturnType<typeof evaluateStrict<KsmRecord>> {
  try {
    return evaluateStrict(record, notation);
  } catch (error) {
    const { problems } = record;
    if (!(error instanceof NotationError) || error.code !== "ERR_KSM_NOTATION_FILE_NOT_FOUND") throw error;
    const broken = problems.find(({ uid }) => uid === notation.parameter) ?? problems[0];
    if (broken === undefined) throw error;
    throw new RecordError("ERR_KSM_RECORD_BROKEN", `${error.message}; ${broken.message}`, {
      recordUid: record.uid,
      cause: error,
    });
  }
}

function empty(record: KsmRecord, what: string): RecordError {
  return new RecordError("ERR_KSM_FIELD_EMPTY", `Record ${record.uid}: ${what} has no value.`, {
    recordUid: record.uid,
  });
}

/** The field, as it is stored, that a value or a part of one comes from; `undefined` for anything else. */
export function pickedField(record: KsmRecord, target: Target): object | undefined {
  if (target.kind === "field") {
    return findField(record.data, target.list === "field" ? "fields" : "custom", target.key);
  }
  if (target.kind !== "notation" || !target.notation.selector.endsWith("field")) return undefined;
  return matchFields(record, target.notation)[0];
}
