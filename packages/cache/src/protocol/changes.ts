/** What a writing call may have changed (ksm-protocol sections 10.3 to 10.7). */
import type { ServiceCall } from "@ksmkit/core";

/** What stored responses no longer show correctly. */
export interface Changes {
  /** Uids of records that were changed or deleted. */
  readonly uids: readonly string[];
  /** True when a listing may lack a record, or hold a deleted one. */
  readonly listing: boolean;
  /** True when the folders may have changed. */
  readonly folders: boolean;
}

/** The changes of a writing call. An unknown endpoint counts as changing everything but single records. */
export function changesOf({ endpoint, payload }: ServiceCall): Changes {
  const uids = ["recordUid", "recordUids", "ownerRecordUid"].flatMap((key) => textsOf(payload[key]));
  switch (endpoint) {
    case "update_secret":
    case "finalize_secret_update":
    case "rollback_secret_update":
    case "add_file":
      return { uids, listing: false, folders: false };
    case "create_secret":
    case "delete_secret":
      return { uids, listing: true, folders: false };
    case "create_folder":
    case "update_folder":
    case "delete_folder":
      return { uids, listing: endpoint === "delete_folder", folders: true };
    case "get_secret":
    case "get_folders":
      return { uids: [], listing: false, folders: false };
    default:
      return { uids, listing: true, folders: true };
  }
}

function textsOf(value: unknown): string[] {
  const list = Array.isArray(value) ? value : [value];
  return list.filter((item) => typeof item === "string");
}
