/** Files, with our errors. */
import { readFile } from "node:fs/promises";
import { helperError } from "../errors/problems.ts";
import type { RecordHelperError } from "../errors/record-helper-error.ts";

/** Reads a text file. @throws {@link RecordHelperError} `ERR_HELPER_FILE_NOT_FOUND` */
export async function readTextFile(path: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    throw unreadable(`The file ${path}`, error);
  }
}

/** Makes the error for something that the file system does not give. */
export function unreadable(what: string, error: unknown): RecordHelperError {
  const code = error instanceof Error && "code" in error ? String(error.code) : "no reason given";
  return helperError("ERR_HELPER_FILE_NOT_FOUND", `${what} cannot be read (${code}).`);
}
