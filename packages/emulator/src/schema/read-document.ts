/** Reads a JSON or YAML file that a person wrote. */
import { readFile } from "node:fs/promises";
import { parse } from "yaml";
import { VaultError, type VaultErrorCode } from "../errors/vault-error.ts";

/**
 * Reads a file as YAML, of which JSON is a part. Merge keys and custom tags are off, aliases bounded.
 *
 * @throws {VaultError} with `code`; the message names the file and, for syntax, the line
 */
export async function readDocument(path: string, code: VaultErrorCode): Promise<unknown> {
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (error) {
    throw new VaultError(code, `The file ${path} cannot be read`, { cause: error });
  }
  try {
    if (/^\s*[[{]/.test(text)) return JSON.parse(text);
  } catch {
    // YAML in flow style also starts like this; its parser names the line.
  }
  try {
    return parse(text, { maxAliasCount: 1000, prettyErrors: true, logLevel: "error" });
  } catch (error) {
    throw new VaultError(code, `The file ${path} is neither JSON nor YAML${lineOf(error)}`);
  }
}

/** The parser's own message quotes the text around the mistake, which may be a secret; the line will do. */
function lineOf(error: unknown): string {
  if (!(error instanceof Error) || !("linePos" in error) || !Array.isArray(error.linePos)) return "";
  const start: unknown = error.linePos[0];
  const line = typeof start === "object" && start !== null && "line" in start ? start.line : undefined;
  return typeof line === "number" ? ` (line ${line})` : "";
}
