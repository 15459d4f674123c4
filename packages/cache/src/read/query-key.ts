/** One text for each different read. */
import type { SecretsQuery } from "@ksmkit/core";

/** Key of `getFolders`. */
export const foldersKey = "folders";

/** Key of a query. Order and repetition of uids, limits and laziness make no difference. */
export function queryKey({ uids, folderUids, links, keepDuplicates }: SecretsQuery): string {
  const flags = (links ? "l" : "") + (keepDuplicates ? "d" : "");
  if (folderUids === undefined && (uids === undefined || typeof uids === "string"))
    return recordKey(uids, flags);
  return `${flags} ${join(uids)} ${join(folderUids)}`;
}

/** Key of a query for one record, or for everything. */
export function recordKey(uid: string | undefined, flags: string): string {
  return uid ? `${flags} ${uid} ` : `${flags}  `;
}

/** The requested uids of a query; `undefined` for all. */
export function requestedUidsOf({ uids }: SecretsQuery): readonly string[] | undefined {
  const list = typeof uids === "string" ? [uids] : uids;
  return list !== undefined && list.length > 0 ? list : undefined;
}

function join(uids: string | readonly string[] | undefined): string {
  return typeof uids === "string" ? uids : [...new Set(uids)].sort().join(",");
}
