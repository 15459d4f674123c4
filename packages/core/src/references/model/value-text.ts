/** Values as text: for environments, files, and whoever asks for nothing else. */
import { ArgumentError } from "../../errors/argument-error.ts";
import { RecordError } from "../../errors/record-error.ts";
import { KsmRecord } from "../../records/ksm-record.ts";

/**
 * Text as it is, bytes as the UTF-8 that they must be, everything else as compact JSON.
 *
 * @throws {@link RecordError} `ERR_KSM_FILE_NOT_TEXT`; {@link ArgumentError} for a record
 */
export function valueText(value: unknown): string {
  if (typeof value === "string") return value;
  if (value instanceof KsmRecord) {
    throw new ArgumentError(
      "ERR_KSM_ARGUMENT_INVALID",
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
