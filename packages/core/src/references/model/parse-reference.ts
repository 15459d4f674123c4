/** A reference, understood: which record to look for, and what to take from it. */
import { isJsonObject } from "@ksmkit/common";
import { ArgumentError } from "../../errors/errors.ts";
import { isUid } from "../../generators/uid.ts";
import { parseNotation, type ParsedNotation } from "../../notation/parse-notation.ts";
import type { Reference } from "./reference.ts";

/** Which record. */
export interface RecordToken {
  readonly text: string;
  /** `either`: the record with that uid, else the one with that title. */
  readonly by: "uid" | "title" | "either";
}

/** What a reference asks for. */
export type Target = { readonly record: RecordToken } & (
  | { readonly kind: "record" }
  | { readonly kind: "notation" | "file"; readonly notation: ParsedNotation }
  | {
      readonly kind: "field";
      readonly list: "field" | "customField";
      readonly key: string;
      readonly all: boolean;
    }
);

const members = new Set(["uid", "title", "notation", "field", "customField", "file", "all"]);

/**
 * Understands a reference.
 *
 * @throws {@link NotationError} `ERR_KSM_NOTATION_INVALID`; {@link ArgumentError} `ERR_KSM_ARGUMENT_INVALID`
 */
export function parseReference(reference: Reference): Target {
  if (typeof reference === "string") {
    if (/^keeper:\/\//i.test(reference)) return notationTarget(parseNotation(reference));
    if (reference === "")
      throw new ArgumentError("Invalid reference: a reference is empty: give a notation, a uid or a title.");
    return { kind: "record", record: tokenOf(reference) };
  }
  const parts: unknown = reference;
  if (!isJsonObject(parts))
    throw new ArgumentError("Invalid reference: a reference must be text or an object.");
  const { uid, title, notation, field, customField, file, all } = parts;
  const unknown = Object.keys(parts).find((key) => !members.has(key));
  if (unknown !== undefined)
    throw new ArgumentError(`Invalid reference: a reference has no member "${unknown}".`);
  const given = [notation, field, customField, file].filter((value) => value !== undefined);
  if (given.length > 1)
    throw new ArgumentError(
      "Invalid reference: a reference asks for one thing: notation, field, customField or file.",
    );
  if (all !== undefined && typeof all !== "boolean")
    throw new ArgumentError("Invalid reference: all must be true or false.");
  if (all !== undefined && field === undefined && customField === undefined)
    throw new ArgumentError("Invalid reference: all belongs to field and customField.");
  if (notation !== undefined) {
    if (uid !== undefined || title !== undefined)
      throw new ArgumentError("Invalid reference: a notation names its record itself.");
    return notationTarget(parseNotation(text(notation, "notation")));
  }
  const record = recordToken(uid, title);
  if (file !== undefined) {
    const parameter = text(file, "file");
    const label = `file "${parameter}" of record "${record.text}"`;
    return {
      kind: "file",
      record,
      notation: { text: label, record: record.text, selector: "file", parameter },
    };
  }
  const list = field === undefined ? "customField" : "field";
  const key = field ?? customField;
  if (key === undefined) return { kind: "record", record };
  return { kind: "field", record, list, key: text(key, list), all: all === true };
}

function notationTarget(notation: ParsedNotation): Target {
  return { kind: "notation", record: tokenOf(notation.record), notation };
}

function tokenOf(token: string): RecordToken {
  return { text: token, by: isUid(token) ? "either" : "title" };
}

function recordToken(uid: unknown, title: unknown): RecordToken {
  if ((uid === undefined) === (title === undefined))
    throw new ArgumentError("Invalid reference: a reference names its record by uid or by title.");
  if (uid === undefined) return { text: text(title, "title"), by: "title" };
  const token = text(uid, "uid");
  if (!isUid(token))
    throw new ArgumentError(
      `Invalid reference: "${token}" is no uid: 22 characters of the base64url alphabet.`,
    );
  return { text: token, by: "uid" };
}

function text(value: unknown, name: string): string {
  if (typeof value === "string" && value !== "") return value;
  throw new ArgumentError(`Invalid reference: ${name} must be text.`);
}
