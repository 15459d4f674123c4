/** Uids of records and files, which the compiler distinguishes from other text. */
import { helperError } from "../errors/problems.ts";
import type { RecordUid } from "../model/inputs.ts";

/** True for the text form of a uid: 22 characters of the URL-safe base64 alphabet. */
export function isRecordUid(text: unknown): text is RecordUid {
  return typeof text === "string" && /^[A-Za-z0-9_-]{22}$/.test(text);
}

/**
 * Checks that a text is a uid, which reference fields take.
 *
 * @throws {@link RecordHelperError} `ERR_HELPER_INVALID_FORMAT`
 * @example
 * ```ts
 * field("recordRef", uid(other.uid), { label: "Admin" });
 * ```
 */
export function uid(text: string): RecordUid {
  if (isRecordUid(text)) return text;
  throw helperError(
    "ERR_HELPER_INVALID_FORMAT",
    "This is no uid: 22 letters, digits, dashes or underscores.",
  );
}
