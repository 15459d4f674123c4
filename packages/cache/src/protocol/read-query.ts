/** The query of a reading call, in a form that stored responses are matched with (ksm-protocol sections 10.1 and 10.2). */
import type { JsonObject } from "@ksmkit/common";
import type { ServiceCall } from "@ksmkit/core";

/** A reading call without what does not change its response. */
export interface ReadQuery {
  /**
   * - `listing`: everything that is shared to the application
   * - `records`: certain records, wherever they are
   * - `folders`: `get_folders`
   * - `other`: anything else; only the response to the very same query answers it
   */
  readonly kind: "listing" | "records" | "folders" | "other";
  /** Uids of the requested records, each once, in alphabetical order. */
  readonly uids: readonly string[];
  /** Uids of the requested folders. */
  readonly folderUids: readonly string[];
  /** True when the response must hold the links of records. */
  readonly links: boolean;
  /** The same text for the same query. */
  readonly text: string;
}

const known = new Set(["requestedRecords", "requestedFolders", "requestLinks"]);

/** The query of a call; `null` for a call whose response is not stored. */
export function readQueryOf({ endpoint, kind, payload }: ServiceCall): ReadQuery | null {
  if (kind !== "read" || (endpoint !== "get_secret" && endpoint !== "get_folders")) return null;
  const uids = texts(payload["requestedRecords"]);
  const folderUids = texts(payload["requestedFolders"]);
  const links = payload["requestLinks"] === true;
  const plain = uids !== null && folderUids !== null && Object.keys(payload).every((key) => known.has(key));
  if (!plain) {
    const text = `${endpoint} ${canonical(payload)}`;
    return { kind: "other", uids: [], folderUids: [], links, text };
  }
  const text = `${endpoint} ${JSON.stringify([uids, folderUids, links])}`;
  if (endpoint === "get_folders") {
    // The service has no filter here; a payload with one is not understood.
    const kind = Object.keys(payload).length === 0 ? "folders" : "other";
    return { kind, uids: [], folderUids: [], links: false, text };
  }
  const filtered = uids.length > 0 ? "records" : "listing";
  return { kind: folderUids.length > 0 ? "other" : filtered, uids, folderUids, links, text };
}

/** A list of texts, sorted, each once; `null` for anything else. */
function texts(value: unknown): string[] | null {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value) || value.some((item) => typeof item !== "string")) return null;
  return [...new Set(value as string[])].sort();
}

/** JSON with the members of every object in alphabetical order. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) =>
    typeof inner === "object" && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner as JsonObject).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}
