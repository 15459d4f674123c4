/** Core's coded errors as the plain ones that the SDK's callers know; the coded one is the cause. */
import { Buffer } from "node:buffer";
import { CodedError } from "@ksmkit/common";
import { NotationError, type NotationParts, type NotationRecord } from "@ksmkit/core/notation";
import { failure } from "../errors.ts";

/** Runs `work`; what core throws becomes a plain `Error` in the official words. */
export function withPlainErrors<T>(work: () => T, wording: Wording = wordsOf): T {
  try {
    return work();
  } catch (error) {
    throw plain(error, wording);
  }
}

/** {@link withPlainErrors} for what takes time. */
export async function withPlainErrorsAsync<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw plain(error, wordsOf);
  }
}

/** Says what a notation error says. */
export type Wording = (error: NotationError) => string;

/** Core's words without its hint are the official ones, but where text without a slash is no packed notation. */
export function wordsOf({ code, message: withHint, hint, notation }: NotationError): string {
  const message = hint === undefined ? withHint : withHint.slice(0, -`; ${hint}`.length);
  const unpacked = code === "ERR_KSM_NOTATION_INVALID" && message.startsWith("Invalid format");
  if (!unpacked || typeof notation !== "string") return message;
  return Buffer.from(notation, "base64").length === 0
    ? "Keeper notation parsing error - missing notation URI"
    : "Keeper notation URI missing information about the uid, file, field type, or field key.";
}

/** The words of `getValue`, which are others than those of `getNotationResults`. */
export function valueWords(
  { record: token, selector, parameter }: NotationParts,
  record: NotationRecord | undefined,
): Wording {
  return (error) => {
    const { code, message } = error;
    if (code === "ERR_KSM_NOTATION_RECORD_NOT_FOUND") return `Record '${token}' not found`;
    if (code === "ERR_KSM_NOTATION_FIELD_NOT_FOUND") {
      return Array.isArray(selector === "field" ? record?.fields : record?.custom)
        ? `Field ${parameter} not found in the record ${record?.uid}`
        : `Notation error - Expected /field or /custom_field but found /${selector}`;
    }
    const bounds = /index out of bounds (\d+ >= \d+) for/.exec(message);
    if (bounds !== null) {
      return `Notation error - Field index out of bounds ${bounds[1]} for field '${parameter}' in record '${record?.uid}'`;
    }
    if (message.includes("Invalid field index")) return "Notation error - Invalid field index -1.";
    return wordsOf(error);
  };
}

function plain(error: unknown, wording: Wording): unknown {
  if (error instanceof NotationError) return failure(wording(error), error);
  return CodedError.isInstance(error) ? failure(error.message, error) : error;
}
