/** The answer that binds a device carries the application key (ksm-protocol section 11.1). */
import { decodeBase64, type JsonObject } from "@ksmkit/common";
import { provider } from "#crypto";
import { requireSymmetricKey } from "../crypto/key-checks.ts";
import { CryptoError } from "../errors/errors.ts";
import { decodeSecrets } from "../protocol/wire.ts";

/** What the binding answer brings. */
export interface AppKeys {
  /** Application key, 32 bytes. */
  readonly appKey: Uint8Array<ArrayBuffer>;
  /** The application owner's public key, 65 bytes; absent when it was not sent. */
  readonly appOwnerPublicKey?: Uint8Array<ArrayBuffer>;
}

/**
 * Opens the application key of a binding answer.
 *
 * @param clientKey secret of the one-time token, 32 bytes
 * @returns `null` when the answer carries none: the device was bound before
 * @throws {@link CryptoError} `ERR_KSM_CRYPTO_OPEN_FAILED`, `ERR_KSM_CRYPTO_KEY_INVALID`
 */
export async function openAppKey(answer: JsonObject, clientKey: Uint8Array): Promise<AppKeys | null> {
  const { encryptedAppKey, appOwnerPublicKey } = decodeSecrets(answer);
  if (encryptedAppKey === "") return null;
  const blob = decodeBase64(encryptedAppKey);
  const appKey = blob && (await provider.openGcm(clientKey, blob));
  if (!appKey) {
    throw new CryptoError(
      "ERR_KSM_CRYPTO_OPEN_FAILED",
      "The service's application key does not open with this one-time token.",
    );
  }
  requireSymmetricKey(appKey, "application key");
  if (appOwnerPublicKey === "") return { appKey };
  const point = decodeBase64(appOwnerPublicKey) ?? new Uint8Array();
  return { appKey, appOwnerPublicKey: (await provider.importPoint(point)).point };
}
