/** `multipart/form-data` around one file (ksm-protocol section 10.7; RFC 7578). */
import { utf8Bytes } from "@ksmkit/common";

/** What stands around the content of the file. */
export interface FormFrame {
  /** Value of `Content-Type`. */
  readonly contentType: string;
  /** Everything before the content: the fields in their order, then the head of the part `file`. */
  readonly head: Uint8Array<ArrayBuffer>;
  /** Everything after it. */
  readonly tail: Uint8Array<ArrayBuffer>;
}

/**
 * Frames a file as object stores want it: it comes last, with a file name without meaning.
 *
 * @param boundary text that cannot occur in the content: random, so that no one can make it
 */
export function formFrame(
  fields: readonly (readonly [name: string, value: string])[],
  boundary: string,
): FormFrame {
  const part = (name: string, more: string): string =>
    `--${boundary}\r\nContent-Disposition: form-data; name="${escapeName(name)}"${more}\r\n\r\n`;
  const before = fields.map(([name, value]) => `${part(name, "")}${value}\r\n`).join("");
  const file = part("file", '; filename="file"\r\nContent-Type: application/octet-stream');
  return {
    contentType: `multipart/form-data; boundary=${boundary}`,
    head: utf8Bytes(before + file),
    tail: utf8Bytes(`\r\n--${boundary}--\r\n`),
  };
}

/** As the HTML standard writes names, so that none of them can end its header. */
function escapeName(name: string): string {
  return name.replace(/["\r\n]/g, encodeURIComponent);
}
