/** Names the fields of a record in errors, for callers who misspelt one. */
import { nearestName, printable } from "@ksmkit/common";

interface NamedField {
  readonly type?: unknown;
  readonly label?: unknown;
}

const maxListed = 20;

/**
 * The end of a sentence about a field that is not there: the nearest label or type, and the labels that exist, or the
 * types of the fields without one. No value.
 *
 * @example
 * ```ts
 * nameFields(record.fields, "pasword"); // 'did you mean "password"? It has "login", "password"'
 * ```
 */
export function nameFields(fields: readonly NamedField[], wanted: string): string {
  const names = fields.map(({ label, type }) => (isName(label) ? label : type)).filter(isName);
  return listNames([...new Set(names)], wanted, fields.map(({ type }) => type).filter(isName));
}

/** As {@link nameFields}, for any names; `more` are suggested, but not listed. */
export function listNames(names: readonly string[], wanted: string, more: readonly string[] = []): string {
  if (names.length === 0) return "it has none";
  const nearest = nearestName(
    wanted,
    [...names, ...more].filter((name) => name !== wanted),
  );
  const suggestion = nearest === undefined ? "it has" : `did you mean ${quoted(nearest)}? It has`;
  const rest = names.length > maxListed ? ` and ${names.length - maxListed} more` : "";
  return `${suggestion} ${names.slice(0, maxListed).map(quoted).join(", ")}${rest}`;
}

function isName(name: unknown): name is string {
  return typeof name === "string" && name !== "";
}

function quoted(name: string): string {
  return `"${printable(name, 64)}"`;
}
