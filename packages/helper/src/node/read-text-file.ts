/** Text files, with the errors of this package. */
import { createReadStream } from "node:fs";
import { concatBytes } from "@ksmkit/common";
import { helperError } from "../errors/problems.ts";
import type { RecordHelperError } from "../errors/record-helper-error.ts";

/** More than the longest text that is read can take in UTF-8. */
const maxBytes = 3 * 8 * 1024 * 1024;

/**
 * Reads a text file.
 *
 * @throws {@link RecordHelperError} `ERR_HELPER_FILE_NOT_FOUND`, `ERR_HELPER_FILE_TOO_LARGE`, and
 *   `ERR_HELPER_FILE_NOT_TEXT` for any encoding but UTF-8, in which a password would be damaged
 */
export async function readTextFile(path: string): Promise<string> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  try {
    for await (const chunk of createReadStream(path, { end: maxBytes }) as AsyncIterable<Uint8Array>) {
      chunks.push(chunk);
      length += chunk.length;
    }
  } catch (error) {
    throw unreadable(`The file ${path}`, error);
  }
  if (length > maxBytes) {
    throw helperError("ERR_HELPER_FILE_TOO_LARGE", `The file ${path} is larger than ${maxBytes} bytes.`);
  }
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(concatBytes(...chunks));
  } catch {
    throw helperError("ERR_HELPER_FILE_NOT_TEXT", `The file ${path} is not UTF-8. Save it as UTF-8.`);
  }
}

/** The error for a file or directory that cannot be read. */
export function unreadable(what: string, error: unknown): RecordHelperError {
  const code = error instanceof Error && "code" in error ? String(error.code) : "no reason reported";
  return helperError("ERR_HELPER_FILE_NOT_FOUND", `${what} cannot be read (${code}).`);
}
