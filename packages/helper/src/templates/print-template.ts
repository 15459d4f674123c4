/** Templates as text (helper.md section 12). */
import type { SourceFormat } from "../source/read-source.ts";
import { printYaml } from "./print-yaml.ts";
import type { FieldTemplate, RecordTemplate } from "./template-data.ts";

/**
 * Prints a template as JSON, indented by four, or as YAML. What comes out is a record file once it is filled in.
 *
 * @example
 * ```ts
 * printTemplate(recordTemplate("login", { title: "Mail" }), "yaml");
 * ```
 */
export function printTemplate(template: RecordTemplate | FieldTemplate, format: SourceFormat): string {
  return format === "json" ? `${JSON.stringify(template, null, 4)}\n` : printYaml(template);
}
