/** Keeper Notation text to its parts (ksm-protocol section 17.1; vectors `ksm-notation.json`). */
import { nearestName, printable } from "@ksmkit/common";
import { NotationScanner } from "./notation-scanner.ts";

/** What a notation asks for. */
export type NotationSelector = "type" | "title" | "notes" | "field" | "custom_field" | "file";

/** The parts of a notation, escapes resolved. */
export interface NotationParts {
  /** Uid or exact title of the record. */
  readonly record: string;
  readonly selector: NotationSelector;
  /** Field type or label, file name, title or uid. Only with `field`, `custom_field` and `file`. */
  readonly parameter?: string | undefined;
  /** Text of the first bracket: decimal digits, or `""` for all values. */
  readonly index1?: string | undefined;
  /** Text of the second bracket: a property name, or `""` for the whole value. */
  readonly index2?: string | undefined;
}

/** A parsed notation. */
export interface ParsedNotation extends NotationParts {
  /** The notation as given, for error messages. */
  readonly text: string;
}

/** Options of {@link parseNotation}. */
export interface ParseNotationOptions {
  /** Reads `[name]` as `[][name]`, as the older single-value API does. Default: false. */
  legacy?: boolean | undefined;
}

const invalid = "Keeper notation is invalid - ";

/**
 * Parses a notation, given as text or as base64 of it (both alphabets, padding optional).
 *
 * @throws {@link NotationError} `ERR_KSM_NOTATION_INVALID`, with the `position` of the fault in the decoded
 *   notation where it has one.
 * @example
 * ```ts
 * parseNotation("keeper://My Record/custom_field/phone[0][number]");
 * // { record: "My Record", selector: "custom_field", parameter: "phone", index1: "0", index2: "number", … }
 * ```
 */
export function parseNotation(notation: string, options: ParseNotationOptions = {}): ParsedNotation {
  const scanner = new NotationScanner(notation);
  const record = scanner.readText("/");
  scanner.skip();
  if (scanner.atEnd) {
    throw scanner.error(
      "Keeper notation URI missing information about the uid, file, field type, or field key.",
    );
  }
  const selectorStart = scanner.position;
  const selector = scanner.readSelector().toLowerCase();
  scanner.skip();

  if (!isLong(selector)) {
    // A misspelt selector is the likelier fault than the parameter behind it.
    const hint = isShort(selector) ? undefined : selectorHint(selector);
    if (!scanner.atEnd)
      throw scanner.error(`${invalid}extra characters after last section.`, scanner.position, hint);
    if (isShort(selector)) return { text: notation, record, selector };
    const known = "(type, title, notes, field, custom_field, file)";
    throw scanner.error(`${invalid}bad selector, must be one of ${known}.`, selectorStart, hint);
  }

  if (scanner.atEnd) {
    throw scanner.error(`${invalid}selectors (field, custom_field, file) require parameters.`, selectorStart);
  }
  const parameter = scanner.readText("[");
  const indexStart = scanner.position;
  const index1 = scanner.readIndex();
  const index2 = scanner.readIndex();
  if (!scanner.atEnd) throw scanner.error(`${invalid}extra characters after last section.`, scanner.position);

  const parts = { text: notation, record, selector, parameter };
  if (index1 === undefined) return parts;
  if (selector === "file") throw scanner.error(`${invalid}file selectors don't accept indexes.`, indexStart);
  if (!/^\d*$/.test(index1)) {
    if (!options.legacy) throw scanner.error(`${invalid}first index must be numeric: [n] or [].`, indexStart);
    if (index2 === undefined) return { ...parts, index1: "", index2: index1 };
  }
  return { ...parts, index1, index2 };
}

const selectors = ["type", "title", "notes", "field", "custom_field", "file"];

function selectorHint(selector: string): string {
  const nearest = nearestName(selector, selectors);
  const advice =
    nearest === undefined ? `must be one of ${selectors.join(", ")}` : `did you mean "${nearest}"?`;
  return `bad selector "${printable(selector, 64)}", ${advice}`;
}

function isShort(selector: string): selector is "type" | "title" | "notes" {
  return selector === "type" || selector === "title" || selector === "notes";
}

function isLong(selector: string): selector is "field" | "custom_field" | "file" {
  return selector === "field" || selector === "custom_field" || selector === "file";
}
