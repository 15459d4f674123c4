/** Validates a seed; complaints name the place in the document and never quote a value. */
import { utf8Bytes, isJsonObject } from "@ksmkit/common";
import { Shape } from "../decode/shape.ts";
import { VaultError } from "../errors/vault-error.ts";
import { isUid } from "../wire/identifiers.ts";
import type { ParsedFile, ParsedFolder, ParsedLink, ParsedRecord, ParsedSeed, SeedField } from "./seed.ts";

const knownKeys = {
  seed: ["application", "folders", "records", "sikkerkey", "commander"],
  folder: ["uid", "name", "parent", "readOnly"],
  record: [
    "uid",
    "folder",
    "shortcuts",
    "direct",
    "readOnly",
    "type",
    "title",
    "notes",
    "fields",
    "custom",
    "files",
    "links",
  ],
  file: ["uid", "name", "title", "type", "content", "base64", "thumbnail"],
  link: ["recordUid", "path", "data"],
} as const;

/**
 * Validates a seed document.
 *
 * @throws {VaultError} `ERR_VAULT_SEED`
 */
export function parseSeed(document: unknown): ParsedSeed {
  const unknown: string[] = [];
  const seed = new Shape(document, "", complain);
  note(seed, knownKeys.seed, unknown);
  return {
    title: seed.optionalShape("application")?.optionalText("title") ?? "ksmkit vault",
    folders: seed.shapes("folders").map((folder) => parseFolder(folder, unknown)),
    records: seed.shapes("records").map((record) => parseRecord(record, unknown)),
    sikkerkey: seed.value("sikkerkey"),
    commander: seed.value("commander"),
    unknown,
  };
}

/** Validates one folder on its own, for the owner's `addFolder`. */
export function parseSeedFolder(document: unknown): ParsedFolder {
  return parseFolder(new Shape(document, "folder", complain), []);
}

/** Validates one record on its own, for the owner's `addRecord`. */
export function parseSeedRecord(document: unknown): ParsedRecord {
  return parseRecord(new Shape(document, "record", complain), []);
}

/** Validates one file on its own, for the owner's `addFile`. */
export function parseSeedFile(document: unknown): ParsedFile {
  return parseFile(new Shape(document, "file", complain), []);
}

function complain(complaint: string): VaultError {
  return new VaultError("ERR_VAULT_SEED", `The seed is not valid: ${complaint}`);
}

function note(shape: Shape, known: readonly string[], unknown: string[]): void {
  for (const key of shape.keys) if (!known.includes(key)) unknown.push(shape.at(key));
}

function uid(shape: Shape): string | undefined {
  const value = shape.optionalText("uid");
  if (value !== undefined && !isUid(value)) throw shape.wrong("uid", "22 base64url characters");
  return value;
}

function parseFolder(folder: Shape, unknown: string[]): ParsedFolder {
  note(folder, knownKeys.folder, unknown);
  return {
    place: folder.place,
    uid: uid(folder),
    name: folder.text("name"),
    parent: folder.optionalText("parent"),
    editable: !folder.flag("readOnly"),
  };
}

function parseRecord(record: Shape, unknown: string[]): ParsedRecord {
  note(record, knownKeys.record, unknown);
  const folder = record.optionalText("folder");
  const notes = record.optionalText("notes");
  return {
    place: record.place,
    uid: uid(record),
    folders: [...(folder === undefined ? [] : [folder]), ...record.texts("shortcuts")],
    direct: record.flag("direct", folder === undefined),
    editable: !record.flag("readOnly"),
    document: {
      type: record.text("type"),
      title: record.text("title", true),
      ...(notes === undefined ? {} : { notes }),
      fields: parseFields(record, "fields", (type) => ({ type })),
      custom: parseFields(record, "custom", (label) => ({ type: "text", label })),
    },
    files: record.shapes("files").map((file) => parseFile(file, unknown)),
    links: record.shapes("links").map((link) => parseLink(link, unknown)),
  };
}

/** Accepts the full list, or a map whose keys `name` turns into the field's type or label. */
function parseFields(
  record: Shape,
  key: string,
  name: (mapKey: string) => { type: string; label?: string },
): SeedField[] {
  const value = record.value(key);
  if (!isJsonObject(value)) return record.shapes(key).map(parseField);
  return Object.entries(value).map(([mapKey, item]) => Object.assign(name(mapKey), { value: asList(item) }));
}

/** Members that the vault does not know are part of the record and kept. */
function parseField(field: Shape): SeedField {
  const members = Object.fromEntries(field.keys.map((member) => [member, field.value(member)]));
  field.optionalText("label");
  return { ...members, type: field.text("type"), value: asList(field.value("value")) };
}

function asList(value: unknown): readonly unknown[] {
  if (value === undefined || value === null) return [];
  return Array.isArray(value) ? value : [value];
}

function parseFile(file: Shape, unknown: string[]): ParsedFile {
  note(file, knownKeys.file, unknown);
  const bytes = file.optionalBytes("base64");
  const text = file.value("content");
  if ((bytes === undefined) === (text === undefined)) throw file.wrong("content", "given, or else `base64`");
  const content = bytes ?? utf8Bytes(file.text("content", true));
  const name = file.text("name");
  return {
    uid: uid(file),
    name,
    title: file.optionalText("title") ?? name,
    type: file.optionalText("type") ?? (bytes === undefined ? "text/plain" : "application/octet-stream"),
    content,
    thumbnail: file.optionalBytes("thumbnail"),
  };
}

function parseLink(link: Shape, unknown: string[]): ParsedLink {
  note(link, knownKeys.link, unknown);
  const record = link.optionalText("recordUid");
  const path = link.optionalText("path") ?? null;
  if (record === undefined && path === null) throw link.wrong("recordUid", "text, or `path` must be given");
  const data = link.value("data") ?? null;
  if (data !== null && !isJsonObject(data)) throw link.wrong("data", "an object");
  return { record, path, data };
}
