/** Makes answers of `get_secret` and `get_folders` as the service would hold them, for tests. */
import { encodeBase64, platformRandom, utf8Bytes, type JsonObject } from "@ksmkit/common";
import { provider } from "#crypto";

/** 32 random bytes. */
export const newKey = (): Uint8Array<ArrayBuffer> => platformRandom(32);

/** Base64 of a GCM blob of bytes or of an object's JSON. */
export async function sealed(key: Uint8Array, content: Uint8Array | object): Promise<string> {
  const bytes = content instanceof Uint8Array ? content : utf8Bytes(JSON.stringify(content));
  return encodeBase64(await provider.sealGcm(key, bytes));
}

/** Base64 of a CBC blob of bytes or text. */
export async function sealedCbc(key: Uint8Array, content: Uint8Array | string): Promise<string> {
  const bytes = typeof content === "string" ? utf8Bytes(content) : content;
  return encodeBase64(await provider.sealCbc(key, bytes));
}

/** A wire record with the given content, its key wrapped under `wrapping`. */
export async function wireRecord(
  wrapping: Uint8Array,
  data: object,
  extra: JsonObject = {},
): Promise<JsonObject> {
  const key = newKey();
  return {
    recordUid: "AAAAAAAAAAAAAAAAAAAAAA",
    recordKey: await sealed(wrapping, key),
    data: await sealed(key, data),
    revision: 3,
    isEditable: true,
    files: null,
    folderUid: null,
    innerFolderUid: null,
    ...extra,
  };
}
