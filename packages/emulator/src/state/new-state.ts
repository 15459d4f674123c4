/** An empty vault: new keys, no folders, no records. */
import { encodeBase64, type Random } from "@ksmkit/common";
import { generateOwnerKeys } from "../owner/owner-keys.ts";
import { sealAppData } from "../owner/seal.ts";
import { generateKeyPair } from "../wire/p256.ts";
import { generateUid } from "../wire/identifiers.ts";
import type { VaultSnapshot } from "./snapshot.ts";

/**
 * Makes an empty vault.
 *
 * @param serverKeyIds - ids of the server key ring; the first one is active
 */
export function newVaultState(title: string, serverKeyIds: readonly number[], random: Random): VaultSnapshot {
  const owner = generateOwnerKeys(random);
  const serverKeys = new Map(serverKeyIds.map((id) => [id, { id, ...generateKeyPair() }]));
  return {
    owner,
    server: {
      application: {
        uid: generateUid(random),
        ownerPublicKey: encodeBase64(owner.keyPair.publicKey),
        appData: sealAppData(owner, title, random),
      },
      revision: 100,
      serverKeys,
      activeKeyId: serverKeyIds[0] ?? 10,
      urlKey: random(32),
      clients: new Map(),
      folders: new Map(),
      records: new Map(),
      files: new Map(),
    },
  };
}
