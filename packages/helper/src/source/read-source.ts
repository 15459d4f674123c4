/** Text of a file, in either format. */
import { helperError, type Locate } from "../errors/problems.ts";
import { RecordHelperError } from "../errors/record-helper-error.ts";
import { readJson } from "./read-json.ts";
import { readYaml } from "./read-yaml.ts";

/** Format of a file. */
export type SourceFormat = "json" | "yaml";

/** A text that was read, and where each part of it stands. */
export interface Source {
  readonly value: unknown;
  readonly locate: Locate;
}

const maxCharacters = 8 * 1024 * 1024;

/**
 * Reads a text.
 *
 * @throws {@link RecordHelperError} `ERR_HELPER_JSON_SYNTAX`, `ERR_HELPER_YAML_SYNTAX` with line and column;
 *   `ERR_HELPER_FILE_TOO_LARGE` beyond 8 Mi characters; `ERR_HELPER_ARGUMENT_INVALID`.
 */
export async function readSource(text: string, format: SourceFormat): Promise<Source> {
  if (typeof text !== "string" || (format !== "json" && format !== "yaml")) {
    throw helperError("ERR_HELPER_ARGUMENT_INVALID", 'A text and its format, "json" or "yaml", are needed.');
  }
  if (text.length > maxCharacters) {
    throw helperError("ERR_HELPER_FILE_TOO_LARGE", `The text is longer than ${maxCharacters} characters.`);
  }
  const document = format === "json" ? readJson(text) : await readYaml(text);
  if (!document.fault) return { value: document.value, locate: (path) => document.map.locate(path) };
  const code = format === "json" ? "ERR_HELPER_JSON_SYNTAX" : "ERR_HELPER_YAML_SYNTAX";
  const { message, position } = document.fault;
  throw new RecordHelperError([{ code, path: "", keys: [], message, ...position }]);
}

/** The format of a file by its name: names that end in `json`, in any case, are JSON; all others YAML. */
export function formatOf(fileName: string): SourceFormat {
  return /json$/i.test(fileName) ? "json" : "yaml";
}
