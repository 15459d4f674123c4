/** Opens the content of a file once it has been downloaded (ksm-protocol section 10.8). */
import { provider } from "#crypto";
import { RecordError } from "../errors/errors.ts";
import { KeyHolder } from "./key-holder.ts";
import type { KsmFile } from "./ksm-file.ts";

/**
 * Opens a file's downloaded bytes, content or thumbnail: one GCM blob under the file key.
 *
 * @throws {@link RecordError} `ERR_KSM_FILE_UNAVAILABLE` when they are not what was sealed
 */
export async function openFileContent(file: KsmFile, sealed: Uint8Array): Promise<Uint8Array<ArrayBuffer>> {
  const content = await provider.openGcm(KeyHolder.keyOf(file), sealed);
  if (content !== null) return content;
  throw new RecordError(
    "ERR_KSM_FILE_UNAVAILABLE",
    `File ${file.uid} cannot be read: its content is damaged or belongs to another file.`,
  );
}
