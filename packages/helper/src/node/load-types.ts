/** Custom record types from files (helper.md section 11). */
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { RecordHelperError } from "../errors/record-helper-error.ts";
import { formatOf } from "../source/read-source.ts";
import type { RecordType } from "../types/record-type.ts";
import type { TypeRegistry } from "../types/registry.ts";
import { readTextFile, unreadable } from "./read-text-file.ts";

/** The result of loading a directory of type files. */
export interface DirectoryReport {
  /** The types that were added, file by file in the order of their names. */
  readonly types: readonly RecordType[];
  /** The files that hold no types or faulty ones, with the reason. Nothing of such a file was added. */
  readonly failures: readonly { readonly path: string; readonly error: RecordHelperError }[];
}

/**
 * Adds the types of a file to a registry; all types or none.
 *
 * @throws {@link RecordHelperError} `ERR_HELPER_FILE_NOT_FOUND`, or everything that is wrong with the file.
 */
export async function loadTypeFile(registry: TypeRegistry, path: string): Promise<readonly RecordType[]> {
  return await registry.load(await readTextFile(path), formatOf(path));
}

/**
 * Adds the types of every file below a directory whose name ends in `json`, `yml` or `yaml`. A faulty file does not
 * keep the others from being added; the report names it.
 *
 * @throws {@link RecordHelperError} `ERR_HELPER_FILE_NOT_FOUND` when the directory cannot be read.
 */
export async function loadTypeDirectory(registry: TypeRegistry, path: string): Promise<DirectoryReport> {
  const types: RecordType[] = [];
  const failures: { path: string; error: RecordHelperError }[] = [];
  for (const file of await typeFilesBelow(path)) {
    try {
      types.push(...(await loadTypeFile(registry, file)));
    } catch (error) {
      if (!(error instanceof RecordHelperError)) throw error;
      failures.push({ path: file, error });
    }
  }
  return { types, failures };
}

async function typeFilesBelow(path: string): Promise<string[]> {
  try {
    const entries = await readdir(path, { recursive: true, withFileTypes: true });
    return entries
      .filter((entry) => entry.isFile() && /(?:json|ya?ml)$/i.test(entry.name))
      .map((entry) => join(entry.parentPath, entry.name))
      .toSorted();
  } catch (error) {
    throw unreadable(`The directory ${path}`, error);
  }
}
