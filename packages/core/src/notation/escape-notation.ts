/** Writes notations: the inverse of `parse-notation.ts` (ksm-protocol section 17.1, "Escaping for output"). */
import { encodeBase64Url, utf8Bytes } from "@ksmkit/common";
import { parseNotation, type NotationParts } from "./parse-notation.ts";

/**
 * Escapes a title, label, file name or property for use inside a notation. Uids need none.
 *
 * @example
 * ```ts
 * escapeNotation("a/b [1]"); // "a\/b \[1\]"
 * ```
 */
export function escapeNotation(text: string): string {
  return text.replace(/[/[\]\\]/g, "\\$&");
}

/**
 * Writes the notation of the given parts, escaped and with the `keeper://` prefix. A property (`index2`) without
 * `index1` means that property of all values.
 *
 * @throws {@link NotationError} `ERR_KSM_NOTATION_INVALID` when the parts do not make a notation: a parameter
 *   missing or superfluous, an index on a file, a first index that is no number.
 * @example
 * ```ts
 * formatNotation({ record: "My Record", selector: "field", parameter: "url", index1: "0" });
 * // "keeper://My Record/field/url[0]"
 * ```
 */
export function formatNotation(parts: NotationParts): string {
  const part = (before: string, text: string | undefined, after = ""): string =>
    text === undefined ? "" : before + escapeNotation(text) + after;
  const text =
    `keeper://${escapeNotation(parts.record)}/${parts.selector}` +
    part("/", parts.parameter) +
    part("[", parts.index1 ?? (parts.index2 === undefined ? undefined : ""), "]") +
    part("[", parts.index2, "]");
  parseNotation(text);
  return text;
}

/** Packs a notation as unpadded base64url, the form that needs no quoting anywhere; parsers accept either. */
export function encodeNotation(notation: string): string {
  return encodeBase64Url(utf8Bytes(notation));
}
