/** `create_secret` (ksm-protocol section 10.3). */
import { encodeBase64, required, sharedDeadline, type OptionChecks } from "@ksmkit/common";
import { provider } from "#crypto";
import { readOwnerKey } from "../config/identity.ts";
import { sealEcies } from "../crypto/ecies.ts";
import { ArgumentError } from "../errors/errors.ts";
import {
  objectOption,
  requiredUid,
  requireOptions,
  uidOption,
  waitChecks,
} from "../errors/require-options.ts";
import { generateUid } from "../generators/uid.ts";
import { KeyHolder } from "../records/ksm-file.ts";
import { newDocument, type NewRecord } from "../records/new-record.ts";
import { sealJson } from "../records/seal-json.ts";
import type { ServiceClient } from "./service-client.ts";
import { foldersOption, knownFolders, writableFolder, type FolderKeyOptions } from "./folders.ts";

/** Options of {@link SecretsManager.createRecord}. */
export interface CreateRecordOptions extends FolderKeyOptions {
  /** Uid of a shared folder of the application, or of a sub-folder anywhere below one. */
  folderUid: string;
  /** Uid of a sub-folder to place it in. Default: none; a sub-folder may be passed as `folderUid` as well. */
  subFolderUid?: string | undefined;
  /** The new record. */
  record: NewRecord;
}

const createChecks: OptionChecks<CreateRecordOptions> = {
  folderUid: requiredUid,
  subFolderUid: uidOption,
  record: required(objectOption),
  folders: foldersOption,
  ...waitChecks,
};

/** Creates a record and returns its uid. Nothing is sent before folder and record are found sound. */
export async function createRecord(service: ServiceClient, options: CreateRecordOptions): Promise<string> {
  requireOptions(options, createChecks, "createRecord");
  const { folderUid, subFolderUid, record, folders } = options;
  const document = newDocument(record);
  const { random } = service;
  const wait = sharedDeadline(options);
  const ownerKey = await readOwnerKey((await service.bound(wait)).values);
  const known = await knownFolders(service, { ...wait, folders });
  const { folder, root } = writableFolder(known, subFolderUid ?? folderUid);
  if (subFolderUid !== undefined && writableFolder(known, folderUid).root.uid !== root.uid) {
    throw new ArgumentError(`Folder ${subFolderUid} does not lie in ${folderUid}.`);
  }
  const recordUid = generateUid({ random });
  const recordKey = random(32);
  try {
    const payload = {
      recordUid,
      recordKey: encodeBase64(await sealEcies(ownerKey, recordKey)),
      folderUid: root.uid,
      folderKey: encodeBase64(await provider.sealGcm(KeyHolder.keyOf(root), recordKey)),
      data: await sealJson(recordKey, document),
      ...(folder !== root && { subFolderUid: folder.uid }),
    };
    await service.write("create_secret", payload, wait);
  } finally {
    // Best effort: the runtime may hold copies elsewhere.
    recordKey.fill(0);
  }
  return recordUid;
}
