/**
 * One stored answer, sealed. The key comes from the application key by HKDF-SHA-256 (RFC 5869) and is bound to the
 * client (salt) and to the entry's name and head (info): an entry that was renamed, copied to another client, or
 * given another age does not open.
 *
 * Layout: `"KSMC" ‖ version(1) ‖ 0 0 0 ‖ requestedAt(8) ‖ fetchedAt(8) ‖ expiresAt(8) ‖ nonce(12) ‖ ciphertext ‖ tag(16)`,
 * numbers as big-endian milliseconds since the epoch; the plaintext is JSON.
 */
import { concatBytes, parseJsonObject, utf8Bytes, utf8Text, type JsonObject } from "@ksmkit/common";
import { provider } from "@ksmkit/core/crypto";

/** What stands in clear before the ciphertext, and is proven by it. */
export interface EntryHead {
  /** When the service was asked: what it says is at least that new. Orders the generations of an entry. */
  readonly requestedAt: number;
  /** When its answer was there. */
  readonly fetchedAt: number;
  /** When the entry stops being good. */
  readonly expiresAt: number;
}

/** Whose entry it is, and which. */
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
/** Milliseconds beyond this are not a time. */
const latest = 8.64e15;

/** Reads the head of an entry without opening it; `null` when there is none. It proves nothing. */
export function readHead(bytes: Uint8Array): EntryHead | null {
  if (bytes.length < headLength || magic.some((byte, at) => bytes[at] !== byte)) return null;
  const view = new DataView(bytes.buffer, bytes.byteOffset, headLength);
  const [requestedAt, fetchedAt, expiresAt] = [8, 16, 24].map((at) => Number(view.getBigUint64(at)));
  const times = [requestedAt ?? latest + 1, fetchedAt ?? latest + 1, expiresAt ?? latest + 1] as const;
  if (times.some((time) => time > latest)) return null;
  return { requestedAt: times[0], fetchedAt: times[1], expiresAt: times[2] };
}

/** Seals a value. */
export async function sealEntry(
  place: EntryContext,
  head: EntryHead,
  value: JsonObject,
): Promise<Uint8Array> {
  const bytes = new Uint8Array(headLength);
  bytes.set(magic);
  const view = new DataView(bytes.buffer);
  for (const [at, time] of [head.requestedAt, head.fetchedAt, head.expiresAt].entries()) {
    view.setBigUint64(8 + 8 * at, BigInt(Math.min(latest, Math.max(0, Math.floor(time)))));
  }
  const key = await deriveKey(place, bytes);
  return concatBytes(bytes, await provider.sealGcm(key, utf8Bytes(JSON.stringify(value))));
}

/** Opens an entry; `null` for one that is damaged, cut short, moved, or sealed under another key. */
export async function openEntry(
  place: EntryContext,
  bytes: Uint8Array,
): Promise<{ head: EntryHead; value: JsonObject } | null> {
  const head = readHead(bytes);
  if (head === null) return null;
  const key = await deriveKey(place, bytes.subarray(0, headLength));
  const opened = await provider.openGcm(key, bytes.subarray(headLength));
  const value = opened && parseJsonObject(utf8Text(opened));
  return value && { head, value };
}

async function deriveKey({ appKey, client, label }: EntryContext, head: Uint8Array): Promise<Uint8Array> {
  const salt = await provider.sha256(utf8Bytes(client));
  const name = await provider.sha256(utf8Bytes(label));
  return provider.hkdf(appKey, salt, concatBytes(utf8Bytes("ksmkit cache entry 1"), name, head), 32);
}
