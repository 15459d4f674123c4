/** A service that answers with given records, sealed as the real one does, to a device that is bound already. */
import { randomBytes } from "node:crypto";
import { platform, type SecretManagerOptions } from "../../src/index.ts";
import type { Sdk } from "./sdks.ts";

/** A record in clear. */
export interface ClearRecord {
  readonly recordUid: string;
  readonly data: unknown;
  /** Stands in the place of `data`, as the text it is. */
  readonly json?: string;
  readonly files?: readonly { fileUid: string; data: unknown; content: string }[];
}

const seal = async (data: Uint8Array, key: Uint8Array): Promise<string> =>
  platform.bytesToBase64(await platform.encryptWithKey(data, key));
const sealJson = (value: unknown, key: Uint8Array): Promise<string> =>
  seal(platform.stringToBytes(JSON.stringify(value)), key);

/** Options for a bound device of an application that holds these records; `queries` lists what was asked. */
export async function sealedService(
  sdk: Sdk,
  records: readonly ClearRecord[],
): Promise<{
  options: SecretManagerOptions;
  queries: (string[] | "ALL")[];
  content: Map<string, Uint8Array>;
  /** What was saved, as text. */
  saved: string[];
}> {
  const appKey = randomBytes(32);
  const saved: string[] = [];
  const recordKeys = new Map<string, Uint8Array>();
  const content = new Map<string, Uint8Array>();
  const wire: (Record<string, unknown> & { recordUid: string })[] = [];
  for (const { recordUid, data, json, files } of records) {
    const recordKey = randomBytes(32);
    recordKeys.set(recordUid, recordKey);
    const wireFiles = [];
    for (const file of files ?? []) {
      const fileKey = randomBytes(32);
      const url = `https://files.invalid/${file.fileUid}`;
      content.set(url, await platform.encryptWithKey(Buffer.from(file.content, "base64"), fileKey));
      wireFiles.push({
        fileUid: file.fileUid,
        fileKey: await seal(fileKey, recordKey),
        data: await sealJson(file.data, fileKey),
        url,
        thumbnailUrl: null,
      });
    }
    wire.push({
      recordUid,
      recordKey: await seal(recordKey, appKey),
      data: await seal(platform.stringToBytes(json ?? JSON.stringify(data)), recordKey),
      revision: 1,
      isEditable: true,
      files: files && wireFiles,
      folderUid: null,
      innerFolderUid: null,
    });
  }
  const queries: (string[] | "ALL")[] = [];
  const storage = sdk.inMemoryStorage({
    hostname: "vault.invalid",
    clientId: "AAAA",
    appKey: appKey.toString("base64"),
  });
  await sdk.platform.generatePrivateKey("privateKey", storage);
  const options: SecretManagerOptions = {
    storage,
    queryFunction: async (_url, transmissionKey, { payload }) => {
      const asked = JSON.parse(
        platform.bytesToString(await platform.decryptWithKey(payload, transmissionKey.key)),
      ) as { requestedRecords?: string[]; recordUid?: string; data?: string };
      const savedKey = recordKeys.get(asked.recordUid ?? "");
      if (savedKey !== undefined && asked.data !== undefined) {
        const opened = await platform.decryptWithKey(platform.base64ToBytes(asked.data), savedKey);
        saved.push(platform.bytesToString(opened).trim());
        return { statusCode: 200, headers: {}, data: new Uint8Array() };
      }
      queries.push(asked.requestedRecords ?? "ALL");
      const answer = {
        records: wire.filter(({ recordUid }) => asked.requestedRecords?.includes(recordUid) ?? true),
        folders: null,
        expiresOn: 0,
      };
      const data = await platform.encryptWithKey(
        platform.stringToBytes(JSON.stringify(answer)),
        transmissionKey.key,
      );
      return { statusCode: 200, headers: {}, data };
    },
  };
  return { options, queries, content, saved };
}
