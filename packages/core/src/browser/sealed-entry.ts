/** What stands in the database: a configuration sealed with AES-256-GCM under a key that the browser never hands out. */
import { utf8Bytes } from "@ksmkit/common";
import { formatConfigJson, parseConfigBytes } from "../config/config-text.ts";
import type { ConfigValues } from "../config/storage.ts";

/** A sealed configuration. Every save makes a new one, with a key and a nonce of its own. */
export interface SealedEntry {
  readonly format: 1;
  /** AES-256-GCM, not extractable. */
  readonly key: CryptoKey;
  /** 12 random bytes; also distinguishes one save from another. */
  readonly nonce: Uint8Array<ArrayBuffer>;
  readonly sealed: Uint8Array<ArrayBuffer>;
}

/** True for what {@link sealEntry} makes, read back. */
export function isSealedEntry(value: unknown): value is SealedEntry {
  if (typeof value !== "object" || value === null) return false;
  const { format, key, nonce, sealed } = value as Partial<Record<keyof SealedEntry, unknown>>;
  return (
    format === 1 &&
    key instanceof CryptoKey &&
    nonce instanceof Uint8Array &&
    nonce.length === 12 &&
    sealed instanceof Uint8Array
  );
}

/** Seals a configuration for the place of that name; it opens nowhere else. */
export async function sealEntry(name: string, values: ConfigValues): Promise<SealedEntry> {
  const key = await crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, false, [
    "encrypt",
    "decrypt",
  ]);
  const nonce = crypto.getRandomValues(new Uint8Array(12));
  const plaintext = utf8Bytes(formatConfigJson(values));
  const sealed = new Uint8Array(await crypto.subtle.encrypt(algorithm(name, nonce), key, plaintext));
  return { format: 1, key, nonce, sealed };
}

/** Opens an entry; rejects when it was damaged or moved, and with a `ConfigError` when it holds something else. */
export async function openEntry(name: string, { key, nonce, sealed }: SealedEntry): Promise<ConfigValues> {
  return parseConfigBytes(new Uint8Array(await crypto.subtle.decrypt(algorithm(name, nonce), key, sealed)));
}

function algorithm(name: string, iv: Uint8Array<ArrayBuffer>): AesGcmParams {
  return { name: "AES-GCM", iv, additionalData: utf8Bytes(`ksmkit configuration 1 ${name}`) };
}
