/** Records from a file (helper.md section 7). */
import type { BuildOptions } from "../build/build-context.ts";
import { recordsFromText } from "../files/record-file.ts";
import type { RecordData } from "../model/record-data.ts";
import { formatOf } from "../source/read-source.ts";
import { readTextFile } from "./read-text-file.ts";

/**
 * Builds the records of a record file; all records or none. A name that ends in `json` is JSON, any other YAML.
 *
 * @throws {@link RecordHelperError} `ERR_HELPER_FILE_NOT_FOUND`, or everything that is wrong anywhere in the file.
 * @example
 * ```ts
 * for (const record of await recordsFromFile("records.yaml")) await manager.createSecret(folderUid, record);
 * ```
 */
export async function recordsFromFile(path: string, options: BuildOptions = {}): Promise<RecordData[]> {
  return await recordsFromText(await readTextFile(path), formatOf(path), options);
}
