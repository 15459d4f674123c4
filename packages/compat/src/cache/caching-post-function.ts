/** A post function that answers from a file when the service cannot be reached (ksm-protocol section 20). */
import { isJsonObject, parseJsonObject, toHttpError, utf8Text, type JsonObject } from "@ksmkit/common";
import { failure, KeeperError } from "../errors.ts";
import { asError } from "../client/as-error.ts";
import { postFunction } from "../client/post-query.ts";
import { contextOf } from "../client/transmission-key.ts";
import { platform } from "../platform/connect.ts";
import type { EncryptedPayload, KeeperHttpResponse, TransmissionKey } from "../types/platform.ts";
import { CacheFile, type CachedAnswer } from "./cache-file.ts";

/** As the official SDK has it: in the working directory. */
const path = "cache.dat";

/** A read as it is looked up: where it goes, who asks, and what for. */
interface ReadQuery {
  /** Everything that distinguishes it from others. */
  readonly name: string;
  /** The same without filters; the whole response holds the filtered one. */
  readonly wholeName: string;
  readonly payload: JsonObject;
}

/**
 * Posts like `postFunction`, and stores the responses to reads in `cache.dat`, private and sealed under a key derived
 * from the application key. When the service cannot be reached, a read is answered from there: with the response to the
 * same query, or with the requested part of the whole response. Writes are never answered from it, nor are refusals and
 * certificate errors. When a call is denied access, everything stored for its client is removed: after a denied write
 * that concerned one record only, the next reads fill the file again.
 *
 * @throws `Error` "Cached value does not exist", and what the request threw otherwise
 * @example
 * ```ts
 * const secrets = await getSecrets({ storage, queryFunction: cachingPostFunction });
 * ```
 */
export const cachingPostFunction = async (
  url: string,
  transmissionKey: TransmissionKey,
  payload: EncryptedPayload,
  allowUnverifiedCertificate?: boolean,
): Promise<KeeperHttpResponse> => {
  const context = contextOf(transmissionKey);
  const call = await describeCall(url, transmissionKey, payload);
  const appKey = await context?.storage.getBytes("appKey");
  if (call === null || appKey?.length !== 32) {
    return postFunction(url, transmissionKey, payload, allowUnverifiedCertificate);
  }
  const { client, query } = call;
  const warn = (message: string): void => context?.onProblem?.(new KeeperError(message));
  const file = new CacheFile(path, appKey, client, warn);
  // The caller's response does not depend on whether it could be stored.
  const tolerate = (work: Promise<unknown>): Promise<unknown> =>
    work.catch((error: unknown) => context?.onProblem?.(asError(error)));
  let response: KeeperHttpResponse;
  try {
    response = await postFunction(url, transmissionKey, payload, allowUnverifiedCertificate);
  } catch (error) {
    // A certificate that is not trusted may be an attacker's: that is no reason to act as if all were well.
    const { kind } = toHttpError(error, "", "");
    if (query === null || (kind !== "network" && kind !== "timeout")) throw error;
    const cached = await recall(file, query);
    if (cached === null) throw failure("Cached value does not exist", error);
    transmissionKey.key = cached.key;
    return { statusCode: 200, headers: {}, data: cached.body };
  }
  if (isDenied(response)) {
    await tolerate(file.purge());
  } else if (query !== null && response.statusCode === 200 && response.data.length > 0) {
    await tolerate(file.save(query.name, { key: transmissionKey.key, body: response.data }));
  }
  return response;
};

/** Who calls, and the query of a read; `null` for the request that binds the device, and for what cannot be read. */
async function describeCall(
  url: string,
  { key }: TransmissionKey,
  { payload }: EncryptedPayload,
): Promise<{ client: string; query: ReadQuery | null } | null> {
  const opened = parseJsonObject(platform.bytesToString(await platform.decryptWithKey(payload, key)));
  if (opened === null || "publicKey" in opened) return null;
  const { clientId, requestedRecords, requestedFolders, requestLinks } = opened;
  const client = JSON.stringify([new URL(url).host, clientId]);
  if (!/\/get_(?:secret|folders)$/.test(url)) return { client, query: null };
  const name = (...filters: unknown[]): string =>
    JSON.stringify([url, clientId, requestLinks ?? false, ...filters]);
  const query = {
    name: name(requestedRecords ?? null, requestedFolders ?? null),
    wholeName: name(null, null),
    payload: opened,
  };
  return { client, query };
}

async function recall(
  file: CacheFile,
  { name, wholeName, payload }: ReadQuery,
): Promise<CachedAnswer | null> {
  const same = await file.load(name);
  if (same !== null) return same;
  const whole = (await file.load(wholeName)) ?? (await file.loadOfficial());
  if (whole === null) return null;
  const answer = await openAnswer(whole);
  if (answer === null) return null;
  const text = platform.stringToBytes(JSON.stringify(part(answer, payload)));
  return { key: whole.key, body: await platform.encryptWithKey(text, whole.key) };
}

async function openAnswer({ key, body }: CachedAnswer): Promise<JsonObject | null> {
  try {
    return parseJsonObject(utf8Text(await platform.decryptWithKey(body, key)));
  } catch {
    // What does not open is no response.
    return null;
  }
}

/** What the service would have returned: of everything, the requested records and folders. */
function part(answer: JsonObject, { requestedRecords, requestedFolders }: JsonObject): JsonObject {
  const isRequested = (filter: unknown, uid: unknown): boolean =>
    !Array.isArray(filter) || filter.includes(uid);
  const recordsOf = (value: unknown): JsonObject[] =>
    objects(value).filter(({ recordUid }) => isRequested(requestedRecords, recordUid));
  const folders = objects(answer["folders"])
    .filter(({ folderUid }) => isRequested(requestedFolders, folderUid))
    .map((folder) =>
      Array.isArray(folder["records"]) ? { ...folder, records: recordsOf(folder["records"]) } : folder,
    );
  return { ...answer, folders, records: Array.isArray(requestedFolders) ? [] : recordsOf(answer["records"]) };
}

function objects(value: unknown): JsonObject[] {
  return Array.isArray(value) ? value.filter(isJsonObject) : [];
}

/** By the service's code, whatever the status: a proxy (3xx, 407) and a failing service (5xx) deny nothing. */
function isDenied({ statusCode, data }: KeeperHttpResponse): boolean {
  if (statusCode < 400 || statusCode >= 500 || statusCode === 407) return false;
  const body = parseJsonObject(utf8Text(data));
  return (body?.["result_code"] ?? body?.["error"]) === "access_denied";
}
