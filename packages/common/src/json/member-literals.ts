/** JSON objects and values as they are written: `1.50` stays `1.50`, integers keep all their digits. */
import { JsonScanner } from "./json-scanner.ts";
import { parseJsonObject } from "./parse-json.ts";

/**
 * The members of a JSON object as literals, in the order of the text; of a name that stands twice, the last value. A
 * nested object or array comes as it is written; see {@link compactJson}.
 *
 * @returns `null` when the text holds no JSON object, or one that nests deeper than 500 levels
 * @example
 * ```ts
 * memberLiterals('{"port": 5432, "rate": 1.50}'); // Map { "port" => "5432", "rate" => "1.50" }
 * ```
 */
export function memberLiterals(text: string): Map<string, string> | null {
  if (parseJsonObject(text) === null) return null;
  const scanner = new JsonScanner(text);
  const literals = new Map<string, string>();
  let name = "";
  let start = 0;
  while (scanner.next() !== "end") {
    if (scanner.depth !== 1) continue;
    if (scanner.token === "name") name = JSON.parse(scanner.literal) as string;
    else if (scanner.token === "{" || scanner.token === "[") start = scanner.start;
    else {
      const isNested = scanner.token === "}" || scanner.token === "]";
      literals.set(name, text.slice(isNested ? start : scanner.start, scanner.end));
    }
  }
  return literals;
}

/** JSON text without the blanks and line breaks between its tokens; literals stay as they are written. */
export function compactJson(text: string): string {
  const scanner = new JsonScanner(text);
  let compact = "";
  let at = 0;
  while (scanner.next() !== "end") {
    compact += text.slice(at, scanner.start).replace(/[ \t\r\n]+/g, "") + scanner.literal;
    at = scanner.end;
  }
  return compact;
}
