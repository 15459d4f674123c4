/** JSON documents as this package seals them (ksm-protocol sections 10.3, 10.4, 10.7 and 18.4). */
import { encodeBase64Url, utf8Bytes, type JsonObject } from "@ksmkit/common";
import { provider } from "#crypto";
import { ArgumentError } from "../errors/argument-error.ts";

// What the vendor's vault applications pad to; parsers ignore the spaces.
const shortest = 384;
const block = 16;

/**
 * Seals a document under its key, padded with spaces so that the length tells little about the content.
 *
 * @returns base64url of a GCM blob
 * @throws {@link ArgumentError} `ERR_KSM_ARGUMENT_INVALID` when the document is no JSON
 */
export async function sealJson(key: Uint8Array, document: JsonObject): Promise<string> {
  return encodeBase64Url(await provider.sealGcm(key, paddedJson(document)));
}

/** What {@link sealJson} seals. */
export function paddedJson(document: JsonObject): Uint8Array<ArrayBuffer> {
  const json = jsonBytes(document);
  const padded = new Uint8Array(Math.max(shortest, Math.ceil(json.length / block) * block)).fill(0x20);
  padded.set(json);
  return padded;
}

function jsonBytes(document: JsonObject): Uint8Array {
  let text: unknown;
  try {
    text = JSON.stringify(document);
  } catch {
    // Said below: the platform's message names members of the document.
  }
  if (typeof text === "string" && text.startsWith("{")) return utf8Bytes(text);
  throw new ArgumentError(
    "ERR_KSM_ARGUMENT_INVALID",
    "The record cannot be written as JSON: it refers to itself, holds a BigInt, or is no object.",
  );
}
