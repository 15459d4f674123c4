/** What the request log shows of a payload: UIDs, numbers and flags; never keys or sealed data. */

const shown: ReadonlySet<string> = /* @__PURE__ */ new Set([
  "clientVersion",
  "fileRecordUid",
  "fileSize",
  "folderUid",
  "folderUids",
  "forceDeletion",
  "links2Remove",
  "ownerRecordRevision",
  "ownerRecordUid",
  "parentUid",
  "recordUid",
  "recordUids",
  "requestLinks",
  "requestedFolders",
  "requestedRecords",
  "revision",
  "sharedFolderUid",
  "subFolderUid",
  "transactionType",
]);

const maxShown = 120;

/** Describes a payload without its secrets: a member that is not known to be harmless is shown by its size. */
export function loggedPayload(payload: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const shape: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(payload).slice(0, 64)) {
    shape[clip(key)] = shown.has(key) ? harmless(value) : describe(value);
  }
  return shape;
}

function harmless(value: unknown): unknown {
  if (Array.isArray(value))
    return value.slice(0, maxShown).map((item) => (typeof item === "string" ? clip(item) : describe(item)));
  if (typeof value === "string") return clip(value);
  return typeof value === "object" && value !== null ? describe(value) : value;
}

function describe(value: unknown): string | null {
  if (value === null || value === undefined) return null;
  if (typeof value === "string") return `[${value.length} characters]`;
  return Array.isArray(value) ? `[${value.length} items]` : `[${typeof value}]`;
}

function clip(text: string): string {
  return text.length > maxShown ? `${text.slice(0, maxShown)}…` : text;
}
