/** JSON documents as this package seals them (ksm-protocol sections 10.3, 10.4, 10.7 and 18.4). */
import { encodeBase64Url, utf8Bytes, type JsonObject } from "@ksmkit/common";
import { provider } from "#crypto";
import { ArgumentError } from "../errors/errors.ts";
import { generateUid } from "../generators/uid.ts";
import type { ExactNumbers } from "./open-records.ts";

// What the vendor's vault applications pad to; parsers ignore the spaces.
const shortest = 384;
const block = 16;

/**
 * Seals a document under its key, padded with spaces so that the length shows little of the content.
 *
 * @param exactNumbers how numbers that JavaScript cannot hold were written in what was read, to be written the same
 * @returns base64url of a GCM blob
 * @throws {@link ArgumentError} `ERR_KSM_ARGUMENT_INVALID` when the document is no JSON
 */
export async function sealJson(
  key: Uint8Array,
  document: JsonObject,
  exactNumbers?: ExactNumbers,
): Promise<string> {
  return encodeBase64Url(await provider.sealGcm(key, paddedJson(document, exactNumbers)));
}

/** What {@link sealJson} seals. */
export function paddedJson(document: JsonObject, exactNumbers?: ExactNumbers): Uint8Array<ArrayBuffer> {
  const json = jsonBytes(document, exactNumbers);
  const padded = new Uint8Array(Math.max(shortest, Math.ceil(json.length / block) * block)).fill(0x20);
  padded.set(json);
  return padded;
}

function jsonBytes(document: JsonObject, exactNumbers?: ExactNumbers): Uint8Array {
  let text: unknown;
  try {
    text = exactNumbers ? exactJson(document, exactNumbers) : JSON.stringify(document);
  } catch (error) {
    if (error instanceof ArgumentError) throw error;
    // Said below: the platform's message names members of the document.
  }
  if (typeof text === "string" && text.startsWith("{")) return utf8Bytes(text);
  throw new ArgumentError(
    "The record cannot be written as JSON: it refers to itself, nests too deep, holds a BigInt, or is no object.",
  );
}

/** JSON with the numbers as they were written, by way of marks that occur nowhere else. */
function exactJson(document: JsonObject, exactNumbers: ExactNumbers): string {
  const mark = generateUid();
  const json = JSON.stringify(document, (_key, value: unknown) => {
    const written = typeof value === "number" ? exactNumbers.get(value) : undefined;
    if (written !== null) return written === undefined ? value : `${mark}${written}`;
    throw new ArgumentError(
      "The record holds several numbers that are the same to JavaScript and were not written the same; saving would change them.",
    );
  });
  return json.replaceAll(new RegExp(`"${mark}([-+.eE\\d]+)"`, "g"), "$1");
}
