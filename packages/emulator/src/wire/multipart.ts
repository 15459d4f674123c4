/** Reads `multipart/form-data` as the SDKs send it (ksm-protocol 10.7, RFC 7578). */

/** One part, in the order sent. */
export interface FormPart {
  readonly name: string;
  readonly content: Uint8Array;
}

const maxParts = 64;

/**
 * Splits a body into its parts; `null` when it is not well formed.
 *
 * The official JavaScript SDK starts with a line break before the first boundary and names no file, so
 * the platform's own form parser would decode the file as text.
 */
export function parseMultipart(contentType: string, body: Uint8Array): FormPart[] | null {
  const match = /^multipart\/form-data\s*;.*?boundary=(?:"([^"]{1,200})"|([^\s;]{1,200}))/i.exec(contentType);
  const boundary = match?.[1] ?? match?.[2];
  if (boundary === undefined) return null;
  const buffer = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  const delimiter = `--${boundary}`;
  let at = buffer.subarray(0, delimiter.length + 2).indexOf(delimiter);
  if (at < 0) return null;
  const parts: FormPart[] = [];
  while (parts.length <= maxParts) {
    at += delimiter.length;
    if (buffer.toString("latin1", at, at + 2) === "--") return parts;
    const headersEnd = buffer.indexOf("\r\n\r\n", at);
    const end = headersEnd < 0 ? -1 : buffer.indexOf(`\r\n${delimiter}`, headersEnd + 2);
    if (end < 0) return null;
    const name = /;\s*name="([^"]*)"/i.exec(buffer.toString("utf8", at, headersEnd))?.[1];
    if (name === undefined) return null;
    parts.push({ name, content: buffer.subarray(Math.min(headersEnd + 4, end), end) });
    at = end + 2;
  }
  return null;
}
