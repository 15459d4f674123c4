/** Files, with our errors. */
import { readFile } from "node:fs/promises";
import { helperError } from "../errors/problems.ts";

/** Reads a text file. @throws {@link RecordHelperError} `ERR_HELPER_FILE_NOT_FOUND` */
export async function readTextFile(path: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw helperError(
      "ERR_HELPER_FILE_NOT_FOUND",
      `The file ${path} cannot be read (${code ?? "no reason given"}).`,
    );
  }
}
