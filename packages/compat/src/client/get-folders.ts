/** Reading folders, and the keys that writing below them needs (ksm-protocol sections 10.2 and 11.3). */
import { keyOf, openFolders } from "@ksmkit/core/internal";
import { failure } from "../errors.ts";
import { attachKeys, keyRing, type KnownFolder } from "../keys/key-rings.ts";
import { platformCrypto } from "../platform/platform-crypto.ts";
import type { KeeperFolder, SecretManagerOptions } from "../types/records.ts";
import { loadAppKey, reportProblems } from "./get-secrets.ts";
import { postForObject, readClientId } from "./post-query.ts";

/** Reads all shared folders and sub-folders. One that cannot be opened is left out. */
export const getFolders = async (options: SecretManagerOptions): Promise<KeeperFolder[]> => {
  const { storage } = options;
  const clientId = await readClientId(options);
  const answer = await postForObject(options, "get_folders", { clientId });
  const appKey = await loadAppKey(storage, answer);
  const { folders, problems } = await openFolders(answer, { appKey, crypto: platformCrypto() });
  reportProblems(options, problems);
  const ring = keyRing(storage);
  return folders.map((folder) => {
    const { uid, parentUid, data } = folder;
    ring.keepFolder(uid, { key: keyOf(folder), data });
    return attachKeys(ring, {
      folderUid: uid,
      ...(parentUid && { parentUid }),
      name: data["name"] as string,
    });
  });
};

/**
 * A folder's key, read from the service unless it is known.
 *
 * @internal
 * @throws `Error` "Unable to load the key …"
 */
export async function knownFolder(options: SecretManagerOptions, folderUid: string): Promise<KnownFolder> {
  const ring = keyRing(options.storage);
  if (ring.folder(folderUid) === undefined) await getFolders(options);
  const folder = ring.folder(folderUid);
  if (folder !== undefined) return folder;
  throw failure(`Unable to load the key ${folderUid}`);
}
