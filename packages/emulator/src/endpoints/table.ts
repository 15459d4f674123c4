/** The endpoints by name (ksm-protocol 8.1). */
import { addFile } from "./add-file.ts";
import type { Endpoint } from "./endpoint.ts";
import { createFolder, deleteFolder, updateFolder, getFolders } from "./folders.ts";
import { getSecret } from "./get-secret.ts";
import {
  createSecret,
  deleteSecret,
  finalizeSecretUpdate,
  rollbackSecretUpdate,
  updateSecret,
} from "./secrets.ts";

/** Every endpoint of the API. */
export const endpoints: ReadonlyMap<string, Endpoint> = /* @__PURE__ */ new Map<string, Endpoint>([
  ["get_secret", getSecret],
  ["get_folders", getFolders],
  ["create_secret", createSecret],
  ["update_secret", updateSecret],
  ["finalize_secret_update", finalizeSecretUpdate],
  ["rollback_secret_update", rollbackSecretUpdate],
  ["delete_secret", deleteSecret],
  ["create_folder", createFolder],
  ["update_folder", updateFolder],
  ["delete_folder", deleteFolder],
  ["add_file", addFile],
]);
