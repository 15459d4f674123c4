/** Creating, renaming and deleting sub-folders (ksm-protocol section 10.6). */
import { encodeBase64Url } from "@ksmkit/common";
import { keyRing } from "../keys/key-rings.ts";
import { platform } from "../platform/connect.ts";
import type { CreateOptions, SecretManagerOptions, SecretsManagerDeleteResponse } from "../types/records.ts";
import { knownFolder } from "./get-folders.ts";
import { postForObject, postQuery, readClientId } from "./post-query.ts";
import { newUid } from "./write-records.ts";

/** Creates a sub-folder below a shared folder and returns its uid. */
export const createFolder = async (
  options: SecretManagerOptions,
  { folderUid: sharedFolderUid, subFolderUid }: CreateOptions,
  folderName: string,
): Promise<string> => {
  const clientId = await readClientId(options);
  const shared = await knownFolder(options, sharedFolderUid);
  const folderUid = newUid();
  const key = platform.getRandomBytes(32);
  const data = { name: folderName };
  await postQuery(options, "create_folder", {
    clientId,
    folderUid,
    sharedFolderUid,
    sharedFolderKey: encodeBase64Url(await platform.encryptWithKey(key, shared.key, true)),
    data: await sealName(data, key),
    ...(subFolderUid && { parentUid: subFolderUid }),
  });
  keyRing(options.storage).keepFolder(folderUid, { key, data });
  return folderUid;
};

/** Renames a folder. */
export const updateFolder = async (
  options: SecretManagerOptions,
  folderUid: string,
  folderName: string,
): Promise<void> => {
  const clientId = await readClientId(options);
  const { key, data: known } = await knownFolder(options, folderUid);
  const data = { ...known, name: folderName };
  await postQuery(options, "update_folder", { clientId, folderUid, data: await sealName(data, key) });
  keyRing(options.storage).keepFolder(folderUid, { key, data });
};

/**
 * Deletes sub-folders. Look at each `responseCode`: some may be gone and others not.
 *
 * @param forceDeletion also those that are not empty, with everything in them
 */
export const deleteFolder = async (
  options: SecretManagerOptions,
  folderUids: string[],
  forceDeletion: boolean = false,
): Promise<SecretsManagerDeleteResponse> => {
  const clientId = await readClientId(options);
  return (await postForObject(options, "delete_folder", {
    clientId,
    folderUids,
    forceDeletion,
  })) as unknown as SecretsManagerDeleteResponse;
};

async function sealName(document: object, key: Uint8Array): Promise<string> {
  return encodeBase64Url(
    await platform.encryptWithKey(platform.stringToBytes(JSON.stringify(document)), key, true),
  );
}
