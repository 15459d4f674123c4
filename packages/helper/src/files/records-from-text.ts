/** Records from the text of a record file (helper.md section 7). */
import type { BuildOptions } from "../build/build-options.ts";
import { Problems } from "../errors/problems.ts";
import type { RecordData } from "../model/record-data.ts";
import { readSource, type SourceFormat } from "../source/read-source.ts";
import { recordsFromSource } from "./record-file.ts";

/**
 * Builds the records of a record file. All records or none.
 *
 * YAML scalars are text, whatever they look like: `password: 007` stays `007`. An unquoted empty scalar, `~` or `null`
 * is no value. The YAML library is loaded at the first YAML text.
 *
 * @throws {@link RecordHelperError} with everything that is wrong anywhere in the file, each with line and column.
 * @example
 * ```ts
 * const records = await recordsFromText(await readFile("records.yaml", "utf8"), "yaml");
 * ```
 */
export async function recordsFromText(
  text: string,
  format: SourceFormat,
  options: BuildOptions = {},
): Promise<RecordData[]> {
  const { value, locate } = await readSource(text, format);
  return recordsFromSource(value, options, new Problems(locate));
}
