/**
 * One stored response, sealed. The key is derived from the application key by HKDF-SHA-256 (RFC 5869) and bound to the
 * client (salt) and to the entry's label and head (info): an entry that was renamed, copied to another client, or given
 * another age does not open.
 *
 * Layout: `"KSMC" ‖ version(1) ‖ 0 0 0 ‖ requestedAt(8) ‖ fetchedAt(8) ‖ expiresAt(8) ‖ nonce(12) ‖ ciphertext ‖ tag(16)`,
 * numbers as big-endian milliseconds since the epoch; the plaintext is JSON.
 */
import { concatBytes, parseJsonObject, utf8Bytes, utf8Text, type JsonObject } from "@ksmkit/common";
import { provider } from "@ksmkit/core/crypto";

/** The clear text before the ciphertext, authenticated by it. Times in milliseconds since the epoch. */
export interface EntryHead {
  /** When the service was asked: the content is at least that new. Orders the generations of an entry. */
  readonly requestedAt: number;
  /** When the response arrived. */
  readonly fetchedAt: number;
  /** When the entry stops being valid. */
  readonly expiresAt: number;
}

/** The client and the label that an entry is bound to. */
export interface EntryContext {
  /** The application key, 32 bytes. */
  readonly appKey: Uint8Array;
  /** Host and client id, as one text. */
  readonly client: string;
  /** What the entry holds, as one text; it is not stored in clear. */
  readonly label: string;
}

const magic = /* @__PURE__ */ utf8Bytes("KSMC\u0001\0\0\0");
const headLength = 32;
/** The largest time that a `Date` takes. */
const maxTime = 8.64e15;

/** Reads the head of an entry without opening it; `null` when there is none. The result is not authenticated. */
export function readHead(bytes: Uint8Array): EntryHead | null {
  if (bytes.length < headLength || magic.some((byte, at) => bytes[at] !== byte)) return null;
  const view = new DataView(bytes.buffer, bytes.byteOffset, headLength);
  const time = (at: number): number => Number(view.getBigUint64(at));
  const head = { requestedAt: time(8), fetchedAt: time(16), expiresAt: time(24) };
  return Object.values(head).some((value) => value > maxTime) ? null : head;
}

/** Seals a JSON text. */
export async function sealEntry(
  context: EntryContext,
  head: EntryHead,
  content: Uint8Array,
): Promise<Uint8Array> {
  const bytes = new Uint8Array(headLength);
  bytes.set(magic);
  const view = new DataView(bytes.buffer);
  for (const [at, time] of [head.requestedAt, head.fetchedAt, head.expiresAt].entries()) {
    view.setBigUint64(8 + 8 * at, BigInt(Math.min(maxTime, Math.max(0, Math.floor(time)))));
  }
  const key = await deriveKey(context, bytes);
  return concatBytes(bytes, await provider.sealGcm(key, content));
}

/** Opens an entry; `null` for one that is damaged, truncated, moved, or sealed under another key. */
export async function openEntry(
  context: EntryContext,
  bytes: Uint8Array,
): Promise<{ head: EntryHead; value: JsonObject } | null> {
  const head = readHead(bytes);
  if (head === null) return null;
  const key = await deriveKey(context, bytes.subarray(0, headLength));
  const opened = await provider.openGcm(key, bytes.subarray(headLength));
  const value = opened && parseJsonObject(utf8Text(opened));
  return value && { head, value };
}

async function deriveKey({ appKey, client, label }: EntryContext, head: Uint8Array): Promise<Uint8Array> {
  const salt = await provider.sha256(utf8Bytes(client));
  const name = await provider.sha256(utf8Bytes(label));
  return provider.hkdf(appKey, salt, concatBytes(utf8Bytes("ksmkit cache entry 1"), name, head), 32);
}
