/** Environment variables as text: dotenv, shell, JSON. */
import { printable } from "@ksmkit/common";
import { ArgumentError, EnvError, type EnvProblem } from "../../errors/errors.ts";
import { isEnvName } from "./env-name.ts";

/**
 * How variables are written.
 *
 * - `dotenv`: `NAME=value` lines that Node (`--env-file`, `util.parseEnv`) and the `dotenv` package read back
 *   unchanged, in the quotes that need no escaping. Node alone cannot read a carriage return.
 * - `shell`: `export NAME='value'` lines for any POSIX shell.
 * - `json`: one object.
 */
export type EnvFormat = "dotenv" | "shell" | "json";

const writers: Readonly<Record<EnvFormat, (value: string) => string | undefined>> = {
  dotenv: dotenvValue,
  shell: (value) => `'${value.replaceAll("'", String.raw`'\''`)}'`,
  json: (value) => value,
};

/**
 * Writes variables as text, one line or member each, in the order given; the values in clear.
 *
 * @throws {@link EnvError} `ERR_KSM_ENV_REFUSED` for invalid names, values with a NUL, and values that the format
 *   cannot hold; {@link ArgumentError} `ERR_KSM_ARGUMENT_INVALID`
 * @example
 * ```ts
 * formatEnv({ DB_PASSWORD: "it's" }, "shell"); // "export DB_PASSWORD='it'\\''s'\n"
 * ```
 */
export function formatEnv(variables: Readonly<Record<string, string>>, format: EnvFormat): string {
  if (!Object.hasOwn(writers, format)) {
    throw new ArgumentError("The format must be dotenv, shell or json.");
  }
  const problems: EnvProblem[] = [];
  const written = Object.entries(variables).map(([name, value]) => {
    const text = typeof value === "string" && !value.includes("\0") ? writers[format](value) : undefined;
    const problem = formatProblem(name, value, text, format);
    if (problem) problems.push(problem);
    return [name, text ?? ""] as const;
  });
  if (problems.length > 0) throw new EnvError(problems);
  if (format === "json") return `${JSON.stringify(Object.fromEntries(written), null, 2)}\n`;
  const start = format === "shell" ? "export " : "";
  return written.map(([name, text]) => `${start}${name}=${text}\n`).join("");
}

function formatProblem(
  name: string,
  value: unknown,
  text: string | undefined,
  format: EnvFormat,
): EnvProblem | undefined {
  const problem = (reason: EnvProblem["reason"], what: string): EnvProblem => ({
    name,
    reason,
    sources: [],
    message: printable(`${JSON.stringify(name)}: ${what}.`),
  });
  if (!isEnvName(name)) return problem("name-invalid", "a name is made of letters, digits and _");
  if (typeof value !== "string" || value.includes("\0"))
    return problem("value-invalid", "the value must be text without NUL");
  if (text !== undefined) return undefined;
  return problem("format", `no quotes of ${format} hold the value as it is; write it as shell or json`);
}

/**
 * The value without quotes, or in the first quotes that leave it alone. Readers take what stands in `'` and in
 * backticks as it is, except that they read every line end as `\n`; in `"` they know `\n` and, Node excepted, `\r`.
 * A backslash in front of the last quote hides it from the `dotenv` package, which then reads on to the next one.
 */
function dotenvValue(value: string): string | undefined {
  if (/^[\w./:@%+,-]*$/.test(value)) return value;
  if (value.endsWith("\\")) return isPlain(value) ? value : undefined;
  const quotable = !value.includes("\r");
  if (quotable && !value.includes("'")) return `'${value}'`;
  if (!/["\\$`]/.test(value))
    return `"${value.replaceAll("\r", String.raw`\r`).replaceAll("\n", String.raw`\n`)}"`;
  return quotable && !value.includes("`") ? `\`${value}\`` : undefined;
}

/** True for what readers take as it is without quotes: one line, no blanks around it, no quote, no comment. */
function isPlain(value: string): boolean {
  return value === value.trim() && !/["#'`\n\r\u2028\u2029]/.test(value);
}
