/** Schemas of the values that outside documents consist of. Messages complete the sentence "<place> must be …". */
import { decodeBase64, encodeBase64 } from "@ksmkit/common";
import * as v from "valibot";
import { isUid } from "../wire/identifiers.ts";
import type { Schema } from "./validate.ts";

/** Text that is not empty. */
export const text: Schema<string> = v.pipe(v.string("text"), v.nonEmpty("text"));

/** Text, `""` included. */
export const anyText: Schema<string> = v.string("text");

/** Text; absent, `null` and `""` are the same (ksm-protocol 8.5). */
export const optionalText: Schema<string | undefined> = v.pipe(
  v.nullish(v.string("text"), ""),
  v.transform((value) => value || undefined),
);

/** Text; absent and `""` become `null`. */
export const nullableText: Schema<string | null> = v.pipe(
  optionalText,
  v.transform((value) => value ?? null),
);

/** True or false; `false` when absent. */
export const flag: Schema<boolean> = v.nullish(v.boolean("true or false"), false);

/** A list of texts; empty when absent. */
export const texts: Schema<string[]> = list(anyText);

/** Bytes in either base64 alphabet, with or without padding; must be there. */
export const bytes: Schema<Uint8Array<ArrayBuffer>> = v.pipe(
  v.string("base64"),
  v.nonEmpty("base64"),
  v.transform(decodeBase64),
  v.custom<Uint8Array<ArrayBuffer>>((value) => value instanceof Uint8Array, "base64"),
);

/** The same; `undefined` when absent or empty. */
export const optionalBytes: Schema<Uint8Array<ArrayBuffer> | undefined> = optional(bytes);

/** A UID; `undefined` when absent or empty. */
export const optionalUid: Schema<string | undefined> = optional(
  v.pipe(v.string("22 base64url characters"), v.check(isUid, "22 base64url characters")),
);

/** A UID chosen by a client; must be there. */
export const uid: Schema<string> = v.pipe(
  v.string("a UID of 22 base64url characters"),
  v.check(isUid, "a UID of 22 base64url characters"),
);

/** A blob of exactly `length` bytes, as standard base64. */
export function blob(length: number): Schema<string> {
  return blobThat((blob) => blob.length === length, `a blob of ${length} bytes`);
}

/** A blob of at least `length` bytes, as standard base64. */
export function longBlob(length: number): Schema<string> {
  return blobThat((blob) => blob.length >= length, `a blob of at least ${length} bytes`);
}

/** A CBC blob, as standard base64: whole blocks, the IV and at least one more. */
export const cbcBlob: Schema<string> = blobThat(
  ({ length }) => length % 16 === 0 && length >= 32,
  "a CBC blob of whole blocks, at least 32 bytes",
);

function blobThat(fits: (blob: Uint8Array) => boolean, expected: string): Schema<string> {
  return v.pipe(
    bytes,
    v.check((blob) => fits(blob), expected),
    v.transform((blob) => encodeBase64(blob)),
  );
}

/** A list; empty when absent. */
export function list<Item>(item: Schema<Item>): Schema<Item[]> {
  return v.nullish(v.array(item, "a list"), () => []);
}

/** `undefined` when absent, `null` or `""`. */
export function optional<Value>(schema: Schema<Value>): Schema<Value | undefined> {
  return v.pipe(
    v.nullish(v.unknown(), ""),
    v.transform((value) => (value === "" ? undefined : value)),
    v.optional(schema),
  );
}

/** A safe integer in a range, for example a size in bytes. */
export function integer(minimum = 0, maximum: number = Number.MAX_SAFE_INTEGER): Schema<number> {
  const expected = `an integer of at least ${minimum}`;
  return v.pipe(
    v.number(expected),
    v.safeInteger(expected),
    v.minValue(minimum, expected),
    v.maxValue(maximum, `at most ${maximum}`),
  );
}

/** One of some words; must be there. */
export function word<const Words extends readonly string[]>(words: Words): Schema<Words[number]> {
  return v.picklist(words, `one of ${words.join(", ")}`);
}
