/** JSON documents as they are sealed: padded so that the ciphertext length tells little (ksm-protocol 10.1). */
import { utf8Bytes, utf8Text } from "@ksmkit/common";

/** A decoded JSON object. */
export type JsonObject = Record<string, unknown>;

/** True for a JSON object; arrays and `null` are none. */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** JSON padded with spaces to a multiple of 16 bytes, at least 384, as the vendor's vault clients do. */
export function paddedJson(value: unknown): Uint8Array {
  const bytes = utf8Bytes(JSON.stringify(value));
  const padded = new Uint8Array(Math.max(384, Math.ceil(bytes.length / 16) * 16)).fill(0x20);
  padded.set(bytes);
  return padded;
}

/** Parses UTF-8 JSON; `null` unless it is an object. Parser messages would quote content, so none escapes. */
export function parseJsonObject(bytes: Uint8Array): JsonObject | null {
  try {
    const value: unknown = JSON.parse(utf8Text(bytes));
    return isJsonObject(value) ? value : null;
  } catch {
    return null;
  }
}
