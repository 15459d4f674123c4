/** Core's cryptography, or what the connected platform puts in its place. */
import { provider, type CryptoProvider } from "@ksmkit/core/internal";
import { platform } from "./connect.ts";
import { sealsAsMade } from "./node-platform.ts";

/** The provider that core's readers get: its own unless the platform's sealing and opening were replaced. */
export function platformCrypto(): CryptoProvider {
  const current = platform;
  if (sealsAsMade(current)) return provider;
  const { openGcmSync: _sync, ...rest } = provider;
  const open = async (
    key: Uint8Array,
    blob: Uint8Array,
    cbc?: boolean,
  ): Promise<Uint8Array<ArrayBuffer> | null> => {
    try {
      return new Uint8Array(await current.decryptWithKey(blob, key, cbc));
    } catch {
      // A platform says no by throwing.
      return null;
    }
  };
  const seal = async (key: Uint8Array, text: Uint8Array, cbc?: boolean): Promise<Uint8Array<ArrayBuffer>> =>
    new Uint8Array(await current.encryptWithKey(text, key, cbc));
  return {
    ...rest,
    openGcm: open,
    openAll: (items) => Promise.all(items.map(({ key, blob }) => open(key, blob))),
    openCbc: (key, blob) => open(key, blob, true),
    sealGcm: (key, text) => seal(key, text),
    sealCbc: (key, text) => seal(key, text, true),
  };
}
