/** `create_folder`, `update_folder`, `delete_folder` (ksm-protocol section 10.6). */
import {
  encodeBase64Url,
  flagOption,
  required,
  sharedDeadline,
  textOption,
  utf8Bytes,
  type JsonObject,
  type OptionChecks,
} from "@ksmkit/common";
import { provider } from "#crypto";
import { ArgumentError, type DeleteResult } from "../errors/errors.ts";
import { requiredUid, requireOptions, uidOption, waitChecks } from "../errors/require-options.ts";
import { generateUid } from "../generators/uid.ts";
import { KeyHolder } from "../records/ksm-file.ts";
import type { KsmFolder } from "../records/ksm-folder.ts";
import type { ServiceClient } from "./service-client.ts";
import { deleteChecks, deleteItems, type DeleteOptions } from "./delete-items.ts";
import { foldersOption, knownFolders, writableFolder, type FolderKeyOptions } from "./folders.ts";
import { uidList } from "./get-secrets.ts";

/** Options of {@link SecretsManager.createFolder}. */
export interface CreateFolderOptions extends FolderKeyOptions {
  /** Uid of the folder to create it in: a shared folder, or a sub-folder at any depth. */
  parentUid: string;
  /** Name, not empty. Names need not be unique. */
  name: string;
}

/** Options of {@link SecretsManager.deleteFolders}. */
export interface DeleteFoldersOptions extends DeleteOptions, FolderKeyOptions {
  /** Deletes folders that are not empty, with everything in them. Default: false. */
  force?: boolean | undefined;
}

const folderKeyChecks: OptionChecks<FolderKeyOptions> = { folders: foldersOption, ...waitChecks };

const createChecks: OptionChecks<CreateFolderOptions> = {
  parentUid: requiredUid,
  name: required(textOption),
  ...folderKeyChecks,
};

/** Creates a sub-folder and returns its uid. */
export async function createFolder(service: ServiceClient, options: CreateFolderOptions): Promise<string> {
  requireOptions(options, createChecks, "createFolder");
  const { parentUid, name, folders } = options;
  requireName(name);
  const wait = sharedDeadline(options);
  const { folder, root } = writableFolder(await knownFolders(service, { ...wait, folders }), parentUid);
  const folderUid = generateUid({ random: service.random });
  const key = service.random(32);
  try {
    const payload = {
      folderUid,
      sharedFolderUid: root.uid,
      sharedFolderKey: encodeBase64Url(await provider.sealCbc(KeyHolder.keyOf(root), key)),
      data: await sealName(key, { name }),
      ...(folder !== root && { parentUid }),
    };
    await service.write("create_folder", payload, wait);
  } finally {
    // Best effort: the runtime may hold copies elsewhere.
    key.fill(0);
  }
  return folderUid;
}

/** Renames a folder; whatever else its document holds is kept. */
export async function renameFolder(
  service: ServiceClient,
  folderUid: string,
  name: string,
  options: FolderKeyOptions,
): Promise<void> {
  if (!uidOption.accepts(folderUid)) throw new ArgumentError("Argument folderUid must be a uid.");
  requireOptions(options, folderKeyChecks, "renameFolder");
  requireName(name);
  const wait = sharedDeadline(options);
  const known = await knownFolders(service, { ...wait, folders: options.folders });
  const { folder } = writableFolder(known, folderUid);
  const data = await sealName(KeyHolder.keyOf(folder), { ...folder.data, name });
  await service.write("update_folder", { folderUid, data }, wait);
}

/**
 * Deletes sub-folders. Forced, a folder below another one of the list is not sent: the service does not say
 * in which order it deletes. It shares the outcome of the one above it.
 */
export async function deleteFolders(
  service: ServiceClient,
  folderUids: string | readonly string[],
  options: DeleteFoldersOptions,
): Promise<DeleteResult[]> {
  requireOptions(options, { force: flagOption, ...deleteChecks, ...folderKeyChecks }, "deleteFolders");
  const { force = false, folders } = options;
  const uids = uidList(folderUids, "folderUids");
  const wait = sharedDeadline(options);
  const tops = new Map<string, string>();
  if (force && uids.length > 1) {
    const known = await knownFolders(service, { ...wait, folders });
    for (const uid of uids) tops.set(uid, topmost(uid, uids, known.folders));
  }
  return deleteItems(
    service,
    "folders",
    uids,
    { ...wait, throwOnFailure: options.throwOnFailure },
    {
      forceDeletion: force,
      topOf: (uid) => tops.get(uid) ?? uid,
    },
  );
}

/** The highest folder of the list at or above a folder. */
function topmost(uid: string, listed: readonly string[], folders: readonly KsmFolder[]): string {
  const byUid = new Map(folders.map((folder) => [folder.uid, folder]));
  let top = uid;
  let at = byUid.get(uid);
  // No chain is longer than there are folders, whatever the caller put together.
  for (let hops = 0; at?.parentUid !== undefined && hops < folders.length; hops++) {
    if (listed.includes(at.parentUid)) top = at.parentUid;
    at = byUid.get(at.parentUid);
  }
  return top;
}

async function sealName(key: Uint8Array, document: JsonObject): Promise<string> {
  return encodeBase64Url(await provider.sealCbc(key, utf8Bytes(JSON.stringify(document))));
}

function requireName(name: string): void {
  if (typeof name === "string" && name.trim() !== "") return;
  throw new ArgumentError("Option name must be text that is not empty.");
}
