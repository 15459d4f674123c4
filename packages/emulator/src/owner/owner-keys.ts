/** The owner's secrets. They exist only in the owner part; the server part never sees them. */
import type { Random } from "@ksmkit/common";
import { openGcm, sealGcm } from "../wire/aes.ts";
import { openEcies, wrappedKeyLength, generateKeyPair, type KeyPair } from "../wire/p256.ts";

/** Everything that opens the vault. */
export interface OwnerKeys {
  /** Application key, 32 bytes. */
  readonly appKey: Uint8Array;
  /** Wraps the keys of what the owner creates, 32 bytes. */
  readonly dataKey: Uint8Array;
  /** Clients wrap the keys of what they create to its public half. */
  readonly keyPair: KeyPair;
}

/** Makes the secrets of a new vault. */
export function generateOwnerKeys(random: Random): OwnerKeys {
  return { appKey: random(32), dataKey: random(32), keyPair: generateKeyPair() };
}

/** Wraps a record or file key for the owner's own use. */
export function wrapForOwner(keys: OwnerKeys, key: Uint8Array, random: Random): Uint8Array {
  return sealGcm(keys.dataKey, key, random);
}

/** Opens an owner-wrapped key; its length shows who wrapped it (ksm-protocol 1.1). `null` on failure. */
export function unwrapForOwner(keys: OwnerKeys, wrapped: Uint8Array): Uint8Array | null {
  return wrapped.length === wrappedKeyLength
    ? openEcies(keys.keyPair.privateKey, wrapped)
    : openGcm(keys.dataKey, wrapped);
}
