/** The operations of the service on real keys. */
import { createPublicKey } from "node:crypto";
import { openOaep, sealOaep, type OaepHash } from "../rsa-oaep.ts";
import type { KeyVaultKeyVersion } from "./keys.ts";
import { KeyVaultServiceError } from "./service-error.ts";

/** Every operation the fake knows. */
export const keyVaultOperations = { getKey, wrapKey, unwrapKey };
/** Name of one of them. */
export type KeyVaultOperation = keyof typeof keyVaultOperations;

type Answer = Record<string, unknown>;

const hashes: Readonly<Record<string, OaepHash>> = { "RSA-OAEP": "sha1", "RSA-OAEP-256": "sha256" };

function getKey({ id, key, enabled }: KeyVaultKeyVersion): Answer {
  const { n, e } = createPublicKey(key).export({ format: "jwk" });
  return {
    key: { kid: id, kty: "RSA", key_ops: ["encrypt", "decrypt", "wrapKey", "unwrapKey"], n, e },
    attributes: { enabled, created: 1_700_000_000, updated: 1_700_000_000, recoveryLevel: "Recoverable" },
  };
}

function wrapKey(version: KeyVaultKeyVersion, input: Answer): Answer {
  const { hash, value } = usable(version, input);
  return { kid: version.id, value: sealOaep(version.key, hash, value).toString("base64url") };
}

function unwrapKey(version: KeyVaultKeyVersion, input: Answer): Answer {
  const { hash, value } = usable(version, input);
  const opened = openOaep(version.key, hash, value);
  if (!opened) throw new KeyVaultServiceError(400, "BadParameter", "The parameter is incorrect.");
  return { kid: version.id, value: opened.toString("base64url") };
}

function usable({ id, enabled }: KeyVaultKeyVersion, input: Answer): { hash: OaepHash; value: Buffer } {
  if (!enabled)
    throw new KeyVaultServiceError(
      403,
      "Forbidden",
      `Operation is not allowed on the disabled key ${id}.`,
      "KeyDisabled",
    );
  const { alg, value } = input;
  const hash = hashes[String(alg)];
  if (hash === undefined || typeof value !== "string")
    throw new KeyVaultServiceError(400, "BadParameter", `Unsupported algorithm ${String(alg)} or no value.`);
  return { hash, value: Buffer.from(value, "base64url") };
}
