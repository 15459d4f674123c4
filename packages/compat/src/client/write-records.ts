/** Creating, saving and deleting records (ksm-protocol sections 10.3 to 10.5). */
import { decodeBase64, encodeBase64Url, isJsonObject, type JsonObject } from "@ksmkit/common";
import { generateUid } from "@ksmkit/core/generators";
import { paddedJson } from "@ksmkit/core/internal";
import { failure } from "../errors.ts";
import { keyRing } from "../keys/key-rings.ts";
import { platform } from "../platform/connect.ts";
import type {
  CreateOptions,
  KeeperRecord,
  SecretManagerOptions,
  SecretsManagerDeleteResponse,
  UpdateOptions,
  UpdateTransactionType,
} from "../types/records.ts";
import { detachFiles } from "./file-refs.ts";
import { knownFolder } from "./get-folders.ts";
import { readSecrets } from "./get-secrets.ts";
import { postForObject, postQuery, readClientId } from "./post-query.ts";

/** Creates a record in a shared folder and returns its uid. */
export const createSecret = (
  options: SecretManagerOptions,
  folderUid: string,
  recordData: any,
): Promise<string> => createSecret2(options, { folderUid }, recordData);

/** Creates a record in a shared folder or one of its sub-folders and returns its uid. */
export const createSecret2 = async (
  options: SecretManagerOptions,
  { folderUid, subFolderUid }: CreateOptions,
  recordData: any,
): Promise<string> => {
  const clientId = await readClientId(options);
  const ownerKey = await loadOwnerKey(options);
  const folder = await knownFolder(options, folderUid);
  const recordUid = newUid();
  const recordKey = platform.getRandomBytes(32);
  await postQuery(options, "create_secret", {
    clientId,
    recordUid,
    recordKey: platform.bytesToBase64(await platform.publicEncrypt(recordKey, ownerKey)),
    folderUid,
    folderKey: platform.bytesToBase64(await platform.encryptWithKey(recordKey, folder.key)),
    // Other clients expect the list of custom fields, also when it is empty.
    data: await sealDocument(
      isJsonObject(recordData) ? { ...recordData, custom: recordData["custom"] ?? [] } : recordData,
      recordKey,
    ),
    ...(subFolderUid && { subFolderUid }),
  });
  keyRing(options.storage).keepRecord(recordUid, recordKey);
  return recordUid;
};

/** Saves a record's data as it is now. Its revision is stale afterwards: read it again before the next save. */
export const updateSecret = (
  options: SecretManagerOptions,
  record: KeeperRecord,
  transactionType?: UpdateTransactionType,
  links2Remove?: string[],
): Promise<void> =>
  updateSecret2(options, record, {
    ...(transactionType && { transactionType }),
    ...(links2Remove && { links2Remove }),
  });

/** {@link updateSecret} with options. Detached files are taken out of the record once the service agreed. */
export const updateSecret2 = async (
  options: SecretManagerOptions,
  record: KeeperRecord,
  { transactionType, links2Remove = [] }: UpdateOptions = {},
): Promise<void> => {
  const clientId = await readClientId(options);
  const recordKey = await loadRecordKey(options, record.recordUid);
  const { recordUid, revision } = record;
  const data = links2Remove.length > 0 ? copyOf(record.data) : record.data;
  detachFiles(data, links2Remove);
  await postQuery(options, "update_secret", {
    clientId,
    recordUid,
    revision,
    data: await sealDocument(data, recordKey),
    ...(transactionType && { transactionType }),
    ...(links2Remove.length > 0 && { links2Remove }),
  });
  detachFiles(record.data, links2Remove);
};

/** Commits, or drops, the pending change of a record. */
export const completeTransaction = async (
  options: SecretManagerOptions,
  recordUid: string,
  rollback: boolean = false,
): Promise<void> => {
  const clientId = await readClientId(options);
  await postQuery(options, rollback ? "rollback_secret_update" : "finalize_secret_update", {
    clientId,
    recordUid,
  });
};

/** Deletes records. Look at each `responseCode`: some may be gone and others not. */
export const deleteSecret = async (
  options: SecretManagerOptions,
  recordUids: string[],
): Promise<SecretsManagerDeleteResponse> => {
  const clientId = await readClientId(options);
  return (await postForObject(options, "delete_secret", {
    clientId,
    recordUids,
  })) as unknown as SecretsManagerDeleteResponse;
};

/**
 * A record's key, read from the service unless it is known.
 *
 * @internal
 * @throws `Error` "Unable to load the key …"
 */
export async function loadRecordKey(options: SecretManagerOptions, recordUid: string): Promise<Uint8Array> {
  const ring = keyRing(options.storage);
  if (ring.record(recordUid) === undefined) await readSecrets(options, { recordsFilter: [recordUid] });
  const key = ring.record(recordUid);
  if (key !== undefined) return key;
  throw failure(`Unable to load the key ${recordUid}`);
}

/** The application owner's public key, 65 bytes: new records and files are sealed to it as well. @internal */
export async function loadOwnerKey({ storage }: SecretManagerOptions): Promise<Uint8Array> {
  const key = await storage.getBytes("appOwnerPublicKey");
  if (key?.length === 65) return key;
  // Binding saves it as text, and not every storage gives back as bytes what it was given as text.
  const text = await storage.getString("appOwnerPublicKey");
  const decoded = text ? decodeBase64(text) : null;
  if (decoded?.length === 65) return decoded;
  throw failure(
    key?.length || text
      ? "Application owner public key in the configuration is not a public key"
      : "Application owner public key is missing from the configuration",
  );
}

/** A new uid from the platform's randomness. @internal */
export function newUid(): string {
  return generateUid({ random: (length) => new Uint8Array(platform.getRandomBytes(length)) });
}

/** A document sealed under its key, base64url; filled up with blanks so that its length shows little. @internal */
export async function sealDocument(document: JsonObject, key: Uint8Array): Promise<string> {
  return encodeBase64Url(await platform.encryptWithKey(paddedJson(document), key));
}

/** What would be stored of a document, apart from it. @internal */
export function copyOf<T>(document: T): T {
  return JSON.parse(JSON.stringify(document)) as T;
}
