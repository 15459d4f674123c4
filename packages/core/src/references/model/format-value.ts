/** How values leave: as text or wrapped when asked, in an object that prints as its names. */
import { redact } from "@ksmkit/common";
import { KsmRecord } from "../../records/ksm-record.ts";
import { Secret } from "../../records/secret.ts";
import { valueText } from "./value-text.ts";

/** In which form values are handed out. */
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
