/** What a writing call may have changed (ksm-protocol sections 10.3 to 10.7). */
import type { ServiceCall } from "@ksmkit/core";

/** What is no longer as it was read. */
export interface Changes {
  /** Records with another content, or gone. */
  readonly uids: readonly string[];
  /** True when a listing may lack something, or hold something that is gone. */
  readonly listing: boolean;
  /** True when the folders may be others. */
  readonly folders: boolean;
}

/** Reads a writing call. What it does not know counts as changing everything but single records. */
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
