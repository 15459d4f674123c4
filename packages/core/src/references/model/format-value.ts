/** The forms of a value: text, a `Secret`, or an object that prints as its names. */
import { ArgumentError, RecordError } from "../../errors/errors.ts";
import { KsmRecord } from "../../records/ksm-record.ts";
import { redact } from "@ksmkit/common";
import { Secret } from "../../records/secret.ts";

/**
 * Text as it is, bytes as the UTF-8 that they must be, everything else as compact JSON.
 *
 * @throws {@link RecordError} `ERR_KSM_FILE_NOT_TEXT`; {@link ArgumentError} for a record
 */
export function valueText(value: unknown): string {
  if (typeof value === "string") return value;
  if (value instanceof KsmRecord) {
    throw new ArgumentError(
      `The reference leads to record ${value.uid}, which is no text: say which field or file.`,
    );
  }
  if (!(value instanceof Uint8Array)) return JSON.stringify(value) ?? "null";
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(value);
  } catch {
    throw new RecordError("ERR_KSM_FILE_NOT_TEXT", "The content of the file is not UTF-8 text.");
  }
}

/** The form in which values are returned. */
export interface ValueOptions {
  /** Wraps every value in a {@link Secret}, records excepted. Default: false. */
  secret?: boolean | undefined;
  /**
   * Makes every value text: file content as the UTF-8 that it must be, lists and objects as compact JSON.
   * Default: false.
   */
  text?: boolean | undefined;
}

/**
 * A value in the form asked for.
 *
 * @throws {@link RecordError} `ERR_KSM_FILE_NOT_TEXT`; {@link ArgumentError} for a record as text
 */
export function formatValue(value: unknown, { secret = false, text = false }: ValueOptions): unknown {
  const formed = text ? valueText(value) : value;
  return secret && !(formed instanceof KsmRecord) ? new Secret(formed) : formed;
}

/** An object of these entries that prints and serialises as its names. A copy by spreading does not. */
export function redactedObject<T>(
  entries: readonly (readonly [name: string, value: T])[],
): Record<string, T> {
  // Never assigned by name: an entry may be called `__proto__`.
  const values = Object.fromEntries(entries);
  redact(values, () => Object.fromEntries(entries.map(([name]) => [name, "[redacted]"])));
  return values;
}
