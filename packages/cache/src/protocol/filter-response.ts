/**
 * Filters and joins responses of `get_secret`, whose records are still sealed (ksm-protocol section 10.1). Every
 * function returns a new object and leaves its argument as it is.
 */
import { isJsonObject, type JsonObject } from "@ksmkit/common";

/** Which records of a response to keep. Without either list: all. */
export interface Selection {
  /** Uids of records. */
  readonly uids?: ReadonlySet<string>;
  /** Uids of shared folders or sub-folders. Records that are shared directly are then left out. */
  readonly folderUids?: ReadonlySet<string>;
  /** False removes the links. Default: true. */
  readonly links?: boolean;
}

/** The response to a narrower query. */
export function selectRecords(
  response: JsonObject,
  { uids, folderUids, links = true }: Selection,
): JsonObject {
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
  const folders = listOf(response["folders"]).flatMap((folder) => {
    if (!isJsonObject(folder)) return [];
    const records = choose(listOf(folder["records"]), textOf(folder["folderUid"]));
    return records.length > 0 ? [{ ...folder, records }] : [];
  });
  return { ...response, folders, records: choose(listOf(response["records"]), "") };
}

/** Uids of all records of a response. */
export function recordUids(response: JsonObject): Set<string> {
  const uids = new Set<string>();
  for (const record of recordsOf(response)) uids.add(textOf(record["recordUid"]));
  return uids;
}

/** A response without the records of these uids. */
export function withoutRecords(response: JsonObject, uids: ReadonlySet<string>): JsonObject {
  const all = recordUids(response);
  return selectRecords(response, { uids: new Set([...all].filter((uid) => !uids.has(uid))) });
}

/** One response with the records of several. Everything else comes from the first. */
export function joinResponses(first: JsonObject, others: readonly JsonObject[]): JsonObject {
  if (others.length === 0) return first;
  const all = [first, ...others];
  return {
    ...first,
    // A folder may occur twice then: each copy brings its own wrapped key, and readers open each by itself.
    folders: all.flatMap((response) => listOf(response["folders"])),
    records: all.flatMap((response) => listOf(response["records"])),
  };
}

/** True when a record of the response has files. */
export function holdsFiles(response: JsonObject): boolean {
  for (const { files } of recordsOf(response)) if (listOf(files).length > 0) return true;
  return false;
}

/** A response whose files have no addresses: these expire within minutes (section 10.8). */
export function withoutFileAddresses(response: JsonObject): JsonObject {
  const strip = (record: unknown): unknown => {
    if (!isJsonObject(record) || listOf(record["files"]).length === 0) return record;
    const files = listOf(record["files"]).map((file) =>
      isJsonObject(file) ? { ...file, url: null, thumbnailUrl: null } : file,
    );
    return { ...record, files };
  };
  return {
    ...response,
    folders: listOf(response["folders"]).map((folder) =>
      isJsonObject(folder) && Array.isArray(folder["records"])
        ? { ...folder, records: folder["records"].map(strip) }
        : folder,
    ),
    records: listOf(response["records"]).map(strip),
  };
}

/** A response with further warnings. */
export function withWarnings(response: JsonObject, warnings: readonly string[]): JsonObject {
  if (warnings.length === 0) return response;
  return { ...response, warnings: [...listOf(response["warnings"]), ...warnings] };
}

/** When the client's access ends, in milliseconds since the epoch; `Infinity` for never. */
export function accessEndsAt(response: JsonObject): number {
  const end = Number(response["expiresOn"] ?? 0);
  return end > 0 ? end : Infinity;
}

function* recordsOf(response: JsonObject): Generator<JsonObject> {
  for (const record of listOf(response["records"])) if (isJsonObject(record)) yield record;
  for (const folder of listOf(response["folders"])) {
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
