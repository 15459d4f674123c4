/**
 * Answers of `get_secret` taken apart and put together, records still sealed (ksm-protocol section 10.1). Nothing
 * here changes an answer that it was given.
 */
import { isJsonObject, type JsonObject } from "@ksmkit/common";

/** Which records of an answer are wanted. Without either list: all. */
export interface Selection {
  /** Uids of records. */
  readonly uids?: ReadonlySet<string>;
  /** Uids of shared folders or sub-folders. Records that are shared directly are then not wanted. */
  readonly folderUids?: ReadonlySet<string>;
  /** False takes the links off. Default: true. */
  readonly links?: boolean;
}

/** The part of an answer that a narrower question would have been answered with. */
export function selectRecords(answer: JsonObject, { uids, folderUids, links = true }: Selection): JsonObject {
  const choose = (records: readonly unknown[], root: string): unknown[] =>
    records
      .filter((record) => {
        if (!isJsonObject(record)) return false;
        if (uids !== undefined && !uids.has(textOf(record["recordUid"]))) return false;
        return (
          folderUids === undefined ||
          (root !== "" && (folderUids.has(root) || folderUids.has(textOf(record["innerFolderUid"]))))
        );
      })
      .map((record) => (links ? record : withoutLinks(record as JsonObject)));
  const folders = listOf(answer["folders"]).flatMap((folder) => {
    if (!isJsonObject(folder)) return [];
    const records = choose(listOf(folder["records"]), textOf(folder["folderUid"]));
    return records.length > 0 ? [{ ...folder, records }] : [];
  });
  return { ...answer, folders, records: choose(listOf(answer["records"]), "") };
}

/** Every record of an answer with the uid given. */
export function recordUids(answer: JsonObject): Set<string> {
  const uids = new Set<string>();
  for (const record of recordsOf(answer)) uids.add(textOf(record["recordUid"]));
  return uids;
}

/** An answer without the records of these uids. */
export function withoutRecords(answer: JsonObject, uids: ReadonlySet<string>): JsonObject {
  const all = recordUids(answer);
  return selectRecords(answer, { uids: new Set([...all].filter((uid) => !uids.has(uid))) });
}

/** One answer with the records of several. What is not a record comes from the first. */
export function joinResponses(first: JsonObject, others: readonly JsonObject[]): JsonObject {
  if (others.length === 0) return first;
  const all = [first, ...others];
  return {
    ...first,
    // A folder may stand twice then: each copy brings its own wrapped key, and readers open each by itself.
    folders: all.flatMap((answer) => listOf(answer["folders"])),
    records: all.flatMap((answer) => listOf(answer["records"])),
  };
}

/** An answer whose files have no addresses: they are good for minutes only (section 10.8). */
export function withoutFileAddresses(answer: JsonObject): JsonObject {
  const strip = (record: unknown): unknown => {
    if (!isJsonObject(record) || listOf(record["files"]).length === 0) return record;
    const files = listOf(record["files"]).map((file) =>
      isJsonObject(file) ? { ...file, url: null, thumbnailUrl: null } : file,
    );
    return { ...record, files };
  };
  return {
    ...answer,
    folders: listOf(answer["folders"]).map((folder) =>
      isJsonObject(folder) && Array.isArray(folder["records"])
        ? { ...folder, records: folder["records"].map(strip) }
        : folder,
    ),
    records: listOf(answer["records"]).map(strip),
  };
}

/** An answer that tells its reader something more. */
export function withWarnings(answer: JsonObject, warnings: readonly string[]): JsonObject {
  if (warnings.length === 0) return answer;
  return { ...answer, warnings: [...listOf(answer["warnings"]), ...warnings] };
}

/** When the client's access ends, in milliseconds since the epoch; `Infinity` for never. */
export function accessEndsAt(answer: JsonObject): number {
  const end = Number(answer["expiresOn"] ?? 0);
  return end > 0 ? end : Infinity;
}

function* recordsOf(answer: JsonObject): Generator<JsonObject> {
  for (const record of listOf(answer["records"])) if (isJsonObject(record)) yield record;
  for (const folder of listOf(answer["folders"])) {
    if (!isJsonObject(folder)) continue;
    for (const record of listOf(folder["records"])) if (isJsonObject(record)) yield record;
  }
}

function withoutLinks(record: JsonObject): JsonObject {
  if (record["links"] === undefined) return record;
  const { links: _, ...rest } = record;
  return rest;
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}
