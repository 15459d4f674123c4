/** The key of one attempt, sealed to the server's. */
import { ConfigError } from "@ksmkit/core";
import { customServerKey, serverKeyFor, type ServerKey } from "@ksmkit/core/internal";
import { failure } from "../errors.ts";
import { platform } from "../platform/connect.ts";
import type { KeyValueStorage, TransmissionKey } from "../types/platform.ts";
import type { SecretManagerOptions } from "../types/records.ts";

/** What the official SDK starts with; the service names another one if it wants. */
const defaultServerKeyId = "7";

/** The call that a transmission key was made for: what a post function's signature does not carry. @internal */
export type CallContext = Pick<SecretManagerOptions, "storage" | "allowUnverifiedCertificate" | "onProblem">;

const contexts = new WeakMap<TransmissionKey, CallContext>();

/**
 * Makes the key of one attempt, sealed to the server key that the storage names.
 *
 * @throws `Error` "Key number … is not supported"
 */
export const generateTransmissionKey = async (storage: KeyValueStorage): Promise<TransmissionKey> =>
  transmissionKeyFor(await storedServerKey(storage), { storage });

/** The server key that the storage names. @internal */
export async function storedServerKey(storage: KeyValueStorage): Promise<ServerKey> {
  const id = (await storage.getString("serverPublicKeyId")) || defaultServerKeyId;
  const custom = await storage.getString("serverPublicKey");
  if (custom) {
    return customServerKey(
      custom,
      id,
      (reason) =>
        new ConfigError("ERR_KSM_CONFIG_INVALID", `The configured server public key is unusable: ${reason}.`),
    );
  }
  return builtInServerKey(id);
}

/** A server key that every SDK knows. @internal */
export function builtInServerKey(id: string): ServerKey {
  const key = serverKeyFor(id);
  if (key !== undefined) return key;
  throw failure(`Key number ${id} is not supported`);
}

/** Makes the key of one attempt for a server key. @internal */
export async function transmissionKeyFor(
  serverKey: ServerKey,
  context: CallContext,
): Promise<TransmissionKey> {
  const key = platform.getRandomBytes(32);
  const transmissionKey: TransmissionKey = {
    publicKeyId: Number(serverKey.id),
    key,
    encryptedKey: await platform.publicEncrypt(key, serverKey.point),
  };
  contexts.set(transmissionKey, context);
  return transmissionKey;
}

/** The call that a transmission key was made for; `undefined` for a key that was made elsewhere. @internal */
export function contextOf(transmissionKey: TransmissionKey): CallContext | undefined {
  return contexts.get(transmissionKey);
}
