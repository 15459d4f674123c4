/** Records whose holder meant harm, and a middleware that shares them to every client. */
import { encodeBase64, utf8Bytes, type JsonObject } from "@ksmkit/common";
import { provider } from "#crypto";
import type { Middleware } from "../../src/middleware/middleware.ts";
import { newKey, sealed } from "./sealed-answer.ts";

/** So many arrays within each other. */
export const nested = (levels: number): string => "[".repeat(levels) + "]".repeat(levels);

/** JSON of a login record; `more` holds further members. */
export function recordJson(title: string, more = ""): string {
  return `{"title":"${title}","type":"login","fields":[{"type":"login","value":["anna"]}]${more && `,${more}`}}`;
}

/** Over the 8.3 million characters at which a regular expression over the text once overflowed its stack. */
export const hugeJson = (title: string): string =>
  recordJson(
    title,
    `"notes":"${"x".repeat(9e6)}\\"","custom":[{"type":"text","value":[12345678901234567890]}]`,
  );

/** A wire record of this JSON under the application key, with one file for each metadata JSON. */
export async function wireRecordOf(
  appKey: Uint8Array,
  uid: string,
  json: string,
  metadata: readonly string[] = ['{"name":"a.txt"}'],
): Promise<JsonObject> {
  const key = newKey();
  const files = metadata.map(async (text, at) => {
    const fileKey = newKey();
    return {
      fileUid: `${uid}-file-${at}`,
      fileKey: await sealed(key, fileKey),
      data: await sealed(fileKey, utf8Bytes(text)),
    };
  });
  return {
    recordUid: uid,
    recordKey: encodeBase64(await provider.sealGcm(appKey, key)),
    data: await sealed(key, utf8Bytes(json)),
    revision: 3,
    isEditable: true,
    files: await Promise.all(files),
  };
}

/** Adds records to every response that has some. */
export function sharing(make: (appKey: Uint8Array) => Promise<readonly JsonObject[]>): Middleware {
  let made: Promise<readonly JsonObject[]> | undefined;
  return async (call, next) => {
    const response = await next(call);
    const { appKey } = call.device;
    if (appKey === undefined || !Array.isArray(response.json["records"])) return response;
    made ??= make(appKey);
    const { received: _, ...rest } = response;
    return { ...rest, json: { ...response.json, records: [...response.json["records"], ...(await made)] } };
  };
}
