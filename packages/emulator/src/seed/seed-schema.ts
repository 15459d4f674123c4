/** The schema of seeds. Messages name the place in the document and never quote a value. */
import { isJsonObject, type JsonObject, utf8Bytes } from "@ksmkit/common";
import * as v from "valibot";
import { VaultError } from "../errors/vault-error.ts";
import { object, openObject, type Schema, unknownMembers, validate } from "../schema/validate.ts";
import {
  anyText,
  flag,
  list,
  optionalBytes,
  optionalText,
  optionalUid,
  text,
  texts,
} from "../schema/values.ts";
import type { ParsedFile, ParsedFolder, ParsedLink, ParsedRecord, ParsedSeed } from "./parsed-seed.ts";
import type { SeedField } from "./seed.ts";

const anything: Schema<unknown> = v.nullish(v.unknown());

const folderSchema = object({ uid: optionalUid, name: text, parent: optionalText, readOnly: flag });

/** Members that the vault does not know are part of the record and kept. */
const fieldSchema: Schema<SeedField> = v.pipe(
  openObject({ type: text, label: v.nullish(anyText), value: anything }),
  v.transform(({ type, label, value, ...others }) => ({
    type,
    ...(typeof label === "string" ? { label } : {}),
    ...others,
    value: asList(value),
  })),
);

const fileSchema: Schema<ParsedFile> = v.pipe(
  object({
    uid: optionalUid,
    name: text,
    title: optionalText,
    type: optionalText,
    content: v.nullish(anyText),
    base64: optionalBytes,
    thumbnail: optionalBytes,
  }),
  v.forward(
    v.check(
      ({ content, base64 }) => (typeof content === "string") === (base64 === undefined),
      "text, unless `base64` holds the content",
    ),
    ["content"],
  ),
  v.transform(({ content, base64, name, title = name, type, ...others }) => ({
    ...others,
    name,
    title,
    type: type ?? (base64 === undefined ? "text/plain" : "application/octet-stream"),
    content: base64 ?? utf8Bytes(content ?? ""),
  })),
);

const linkSchema: Schema<ParsedLink> = v.pipe(
  object({
    recordUid: optionalText,
    path: optionalText,
    data: v.nullish(v.custom<JsonObject>(isJsonObject, "an object")),
  }),
  v.forward(
    v.check(
      ({ recordUid, path }) => recordUid !== undefined || path !== undefined,
      "text, unless the link has a `path`",
    ),
    ["recordUid"],
  ),
  v.transform(({ recordUid, path, data }) => ({ record: recordUid, path: path ?? null, data: data ?? null })),
);

const recordSchema = object({
  uid: optionalUid,
  folder: optionalText,
  shortcuts: texts,
  direct: v.nullish(v.boolean("true or false")),
  readOnly: flag,
  type: text,
  title: anyText,
  notes: optionalText,
  fields: fieldList((type) => ({ type })),
  custom: fieldList((label) => ({ type: "text", label })),
  files: list(fileSchema),
  links: list(linkSchema),
});

const seedSchema = object({
  application: v.nullish(object({ title: optionalText })),
  folders: list(folderSchema),
  records: list(recordSchema),
  sikkerkey: anything,
  commander: anything,
});

/**
 * Validates a seed document.
 *
 * @throws {VaultError} `ERR_VAULT_SEED`
 */
export function parseSeed(document: unknown): ParsedSeed {
  const seed = validate(seedSchema, document, { toError });
  return {
    title: seed.application?.title ?? "ksmkit vault",
    folders: seed.folders.map((folder, index) => toFolder(folder, `folders[${index}]`)),
    records: seed.records.map((record, index) => toRecord(record, `records[${index}]`)),
    sikkerkey: seed.sikkerkey ?? undefined,
    commander: seed.commander ?? undefined,
    unknown: [...unknownMembers(seedSchema, document)],
  };
}

/** Validates one folder on its own, for the owner's `addFolder`. */
export function parseSeedFolder(document: unknown): ParsedFolder {
  return toFolder(validate(folderSchema, document, { toError, place: "folder" }), "folder");
}

/** Validates one record on its own, for the owner's `addRecord`. */
export function parseSeedRecord(document: unknown): ParsedRecord {
  return toRecord(validate(recordSchema, document, { toError, place: "record" }), "record");
}

/** Validates one file on its own, for the owner's `addFile`. */
export function parseSeedFile(document: unknown): ParsedFile {
  return validate(fileSchema, document, { toError, place: "file" });
}

function toError(sentence: string): VaultError {
  return new VaultError("ERR_VAULT_SEED", `The seed is not valid: ${sentence}`);
}

function toFolder(
  { uid, name, parent, readOnly }: v.InferOutput<typeof folderSchema>,
  place: string,
): ParsedFolder {
  return { place, uid, name, parent, editable: !readOnly };
}

function toRecord(record: v.InferOutput<typeof recordSchema>, place: string): ParsedRecord {
  const { uid, folder, shortcuts, direct, readOnly, notes, type, title, fields, custom, files, links } =
    record;
  return {
    place,
    uid,
    folders: folder === undefined ? shortcuts : [folder, ...shortcuts],
    direct: direct ?? folder === undefined,
    editable: !readOnly,
    document: { type, title, ...(notes === undefined ? {} : { notes }), fields, custom },
    files,
    links,
  };
}

/** The full list of fields, or a map whose keys `name` turns into the field's type or label. */
function fieldList(name: (key: string) => { type: string; label?: string }): Schema<SeedField[]> {
  return v.pipe(
    v.nullish(v.unknown(), () => []),
    v.transform((value) =>
      isJsonObject(value)
        ? Object.entries(value).map(([key, item]) => Object.assign(name(key), { value: item }))
        : (value ?? []),
    ),
    v.array(fieldSchema, "a list"),
  );
}

function asList(value: unknown): readonly unknown[] {
  if (value === undefined || value === null) return [];
  return Array.isArray(value) ? value : [value];
}
