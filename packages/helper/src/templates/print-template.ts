/** Templates as text (helper.md section 12). */
import type { SourceFormat } from "../source/read-source.ts";
import type { FieldTemplate, RecordTemplate } from "./template-data.ts";

/**
 * Prints a template as JSON, indented by four, or as YAML. Filled in, it is a record file.
 *
 * @example
 * ```ts
 * printTemplate(recordTemplate("login", { title: "Mail" }), "yaml");
 * ```
 */
export function printTemplate(template: RecordTemplate | FieldTemplate, format: SourceFormat): string {
  return format === "json" ? `${JSON.stringify(template, null, 4)}\n` : printYaml(template);
}

/** Texts that stay text without quotes whatever the reader's schema is. */
const plainText = /^(?!(?:true|false|yes|no|on|off|null|y|n)$)[a-z_][\w ]*(?<! )$/i;

/** Prints data in block style; any YAML reader reads it back the same. */
export function printYaml(value: unknown): string {
  return isBlock(value) ? lines(value, "").join("") : `${scalar(value)}\n`;
}

function lines(value: object, indent: string): string[] {
  if (Array.isArray(value)) {
    return value.map((entry: unknown) => {
      if (!isBlock(entry)) return `${indent}- ${scalar(entry)}\n`;
      // The first line of the entry follows the dash.
      return `${indent}- ${lines(entry, `${indent}  `)
        .join("")
        .slice(indent.length + 2)}`;
    });
  }
  return Object.entries(value).map(([key, entry]: [string, unknown]) =>
    isBlock(entry)
      ? `${indent}${scalar(key)}:\n${lines(entry, `${indent}  `).join("")}`
      : `${indent}${scalar(key)}: ${scalar(entry)}\n`,
  );
}

function isBlock(value: unknown): value is object {
  return typeof value === "object" && value !== null && Object.keys(value).length > 0;
}

function scalar(value: unknown): string {
  if (typeof value === "string" && plainText.test(value)) return value;
  // JSON is YAML, apart from the line breaks of Unicode, which YAML folds.
  return JSON.stringify(value).replace(
    /[\u0085\u2028\u2029]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
