/** Reading records (ksm-protocol sections 10.1, 11 and 12). */
import { isJsonObject, type JsonObject } from "@ksmkit/common";
import type { KsmFile, KsmRecord, Problem } from "@ksmkit/core";
import {
  keyOf,
  linksOf,
  openSecrets,
  recordKeyOf,
  revisionOf,
  type OpenedSecrets,
} from "@ksmkit/core/internal";
import { failure, KeeperError } from "../errors.ts";
import { attachKeys, keyRing, type KeyRing } from "../keys/key-rings.ts";
import { platform } from "../platform/connect.ts";
import { platformCrypto } from "../platform/platform-crypto.ts";
import type { KeyValueStorage } from "../types/platform.ts";
import type {
  KeeperFile,
  KeeperRecord,
  KeeperRecordLinkRaw,
  KeeperSecrets,
  QueryOptions,
  SecretManagerOptions,
} from "../types/records.ts";
import { asError } from "./as-error.ts";
import { postForObject, readClientId, saveServerKey } from "./post-query.ts";

/**
 * Reads records, binding the device first where that is still to be done.
 *
 * @param recordsFilter record uids. Nothing, `null` or an empty list: all
 */
export const getSecrets = (options: SecretManagerOptions, recordsFilter?: string[]): Promise<KeeperSecrets> =>
  getSecrets2(options, recordsFilter ? { recordsFilter } : undefined);

/** {@link getSecrets} with every filter there is. */
export const getSecrets2 = async (
  options: SecretManagerOptions,
  queryOptions?: QueryOptions,
): Promise<KeeperSecrets> => {
  const { opened, answer } = await readSecrets(options, queryOptions);
  const { appData, expiresOn, warnings, extra } = opened;
  const shown = shownLists(answer);
  const ring = keyRing(options.storage);
  return {
    appData: appData as KeeperSecrets["appData"],
    // Its place is always there, as callers know it.
    expiresOn: expiresOn as Date,
    records: opened.records.map((record) => plainRecord(record, shown, ring)),
    ...(warnings.length > 0 && { warnings }),
    ...(extra && { extra }),
  };
};

/** Reads records, as core's objects, and keeps their keys for later writes. @internal */
export async function readSecrets(
  options: SecretManagerOptions,
  queryOptions?: QueryOptions | null,
): Promise<{ opened: OpenedSecrets; answer: JsonObject }> {
  // Callers pass `null` for "no filter", as the official package takes it.
  const query = queryOptions ?? {};
  const { answer, justBound } = await askSecrets(options, query);
  if (justBound) {
    // The service forgets its copy of the application key once the client has confirmed its arrival.
    await askSecrets(options, query).catch((error: unknown) => options.onProblem?.(asError(error)));
  }
  const { storage } = options;
  const appKey = await loadAppKey(storage, answer);
  const opened = await openSecrets(answer, { appKey, crypto: platformCrypto() });
  reportProblems(options, opened.problems);
  const ring = keyRing(storage);
  ring.allowUnverifiedCertificate = options.allowUnverifiedCertificate ?? false;
  for (const record of opened.records) {
    ring.keepRecord(record.uid, recordKeyOf(record));
    for (const file of record.files) ring.keepFile(file.uid, keyOf(file));
  }
  return { opened, answer };
}

/** The application key, 32 bytes. An answer without anything sealed needs none. @internal */
export async function loadAppKey(storage: KeyValueStorage, answer: JsonObject): Promise<Uint8Array> {
  const appKey = await storage.getBytes("appKey");
  if (appKey?.length) return appKey;
  const { records, folders, appData } = answer;
  if (!records && !folders && !appData) return new Uint8Array(32);
  throw failure("Unable to load the key appKey");
}

/** Reports what was left out. @internal */
export function reportProblems({ onProblem }: SecretManagerOptions, problems: readonly Problem[]): void {
  for (const { message } of problems) onProblem?.(new KeeperError(message));
}

async function askSecrets(
  options: SecretManagerOptions,
  { recordsFilter, foldersFilter, requestLinks }: QueryOptions,
): Promise<{ answer: JsonObject; justBound: boolean }> {
  const { storage } = options;
  await saveServerKey(options);
  const clientId = await readClientId(options);
  const bound = Boolean((await storage.getBytes("appKey"))?.length);
  const answer = await postForObject(options, "get_secret", {
    clientId,
    ...(!bound && {
      publicKey: platform.bytesToBase64(await platform.exportPublicKey("privateKey", storage)),
    }),
    ...(recordsFilter?.length && { requestedRecords: recordsFilter }),
    ...(foldersFilter?.length && { requestedFolders: foldersFilter }),
    ...(requestLinks && { requestLinks: true }),
  });
  const justBound = Boolean(answer["encryptedAppKey"]) && !bound;
  if (justBound) await keepAppKey(storage, answer);
  return { answer, justBound };
}

/** Keeps what the binding answer brings. The token's secret goes last: until then, a repetition can bind. */
async function keepAppKey(storage: KeyValueStorage, answer: JsonObject): Promise<void> {
  const sealed = platform.base64ToBytes(String(answer["encryptedAppKey"]));
  await platform.unwrap(sealed, "appKey", "clientKey", storage);
  if ((await storage.getBytes("appKey"))?.length !== 32) {
    await storage.delete("appKey");
    throw failure("The service's application key is not 32 bytes");
  }
  const ownerKey = answer["appOwnerPublicKey"];
  if (typeof ownerKey === "string" && ownerKey !== "")
    await storage.saveString("appOwnerPublicKey", ownerKey);
  await storage.delete("clientKey");
}

/** Which records had lists of files and links in the answer, even empty ones: those have them in the result. */
interface ShownLists {
  readonly files: ReadonlySet<unknown>;
  readonly links: ReadonlySet<unknown>;
}

function shownLists(answer: JsonObject): ShownLists {
  const records = [answer, ...listOf(answer["folders"])].flatMap(({ records }) => listOf(records));
  const having = (name: string): Set<unknown> =>
    new Set(records.filter((record) => Array.isArray(record[name])).map(({ recordUid }) => recordUid));
  return { files: having("files"), links: having("links") };
}

function listOf(value: unknown): JsonObject[] {
  return Array.isArray(value) ? value.filter(isJsonObject) : [];
}

function plainRecord(record: KsmRecord, shown: ShownLists, ring: KeyRing): KeeperRecord {
  const { uid, folderUid, innerFolderUid, files, data } = record;
  const links = linksOf(record);
  for (const link of links) if (isJsonObject(link)) attachKeys(ring, link);
  return attachKeys(ring, {
    // The service sends null where there is no uid, and so did the result.
    recordUid: uid || (null as unknown as string),
    data,
    revision: revisionOf(record) as number,
    ...(innerFolderUid && { innerFolderUid }),
    ...(shown.files.has(uid) && { files: files.map((file) => attachKeys(ring, plainFile(file))) }),
    ...(shown.links.has(uid) && { links: links as unknown as KeeperRecordLinkRaw[] }),
    ...(folderUid && { folderUid }),
  });
}

function plainFile(file: KsmFile): KeeperFile {
  return {
    fileUid: file.uid,
    data: file.metadata,
    url: file.url ?? nothing,
    thumbnailUrl: file.thumbnailUrl ?? nothing,
  };
}

// What the service sends, although the type says otherwise.
const nothing = null as unknown as string;
