/** The operations of the service on real keys. */
import { crc32 } from "node:zlib";
import { openOaep, sealOaep, type OaepHash } from "../rsa-oaep.ts";
import { openBytes, sealBytes } from "../sealed-bytes.ts";
import type { OracleKey, OracleKeyVersion } from "./keys.ts";
import { OracleServiceError } from "./service-error.ts";

type Fields = Record<string, unknown>;

/** Every operation the fake knows. */
export const oracleOperations = { getKey, encrypt, decrypt };
/** Name of one of them. */
export type OracleOperation = keyof typeof oracleOperations;

/** The field of an answer that holds the bytes a client will use. */
export const oracleResultField: Readonly<Record<OracleOperation, string | undefined>> = {
  getKey: undefined,
  encrypt: "ciphertext",
  decrypt: "plaintext",
};

function getKey({ id, algorithm, state, versions }: OracleKey): Fields {
  return {
    id,
    displayName: "fake",
    compartmentId: "ocid1.compartment.oc1..standin",
    vaultId: "ocid1.vault.oc1.iad.standin",
    currentKeyVersion: versions.at(-1)?.id,
    keyShape: { algorithm, length: algorithm === "RSA" ? 256 : 32 },
    lifecycleState: state,
    protectionMode: "SOFTWARE",
    timeCreated: "2026-01-01T00:00:00.000Z",
  };
}

function encrypt(key: OracleKey, input: Fields): Fields {
  const version = usableVersion(key, input) ?? key.versions.at(-1);
  const plaintext = bytesOf(input, "plaintext");
  const { secret } = version ?? { secret: { kind: "none" as const } };
  const algorithm = algorithmFor(key, input);
  let ciphertext: Buffer;
  if (secret.kind === "rsa") ciphertext = sealOaep(secret.key, hashOf(algorithm), plaintext);
  else if (secret.kind === "aes")
    ciphertext = sealBytes({ key: secret.key, aad: aadOf(key, input) }, plaintext);
  else throw invalid(`${key.algorithm} keys do not encrypt`);
  return {
    ciphertext: ciphertext.toString("base64"),
    keyId: key.id,
    keyVersionId: version?.id,
    encryptionAlgorithm: algorithm,
  };
}

function decrypt(key: OracleKey, input: Fields): Fields {
  const named = usableVersion(key, input);
  const ciphertext = bytesOf(input, "ciphertext");
  const algorithm = algorithmFor(key, input);
  for (const version of named ? [named] : key.versions) {
    const plaintext = open(version, { key, input, algorithm, ciphertext });
    if (!plaintext) continue;
    return {
      plaintext: plaintext.toString("base64"),
      plaintextChecksum: String(crc32(plaintext)),
      keyId: key.id,
      keyVersionId: version.id,
      encryptionAlgorithm: algorithm,
    };
  }
  throw invalid("Decryption failed: the ciphertext was not made with this key.");
}

function open(
  { secret }: OracleKeyVersion,
  call: { key: OracleKey; input: Fields; algorithm: string; ciphertext: Buffer },
): Buffer | null {
  if (secret.kind === "rsa") return openOaep(secret.key, hashOf(call.algorithm), call.ciphertext);
  if (secret.kind === "none") return null;
  return openBytes({ key: secret.key, aad: aadOf(call.key, call.input) }, call.ciphertext);
}

function usableVersion(key: OracleKey, input: Fields): OracleKeyVersion | undefined {
  if (key.state !== "ENABLED")
    throw new OracleServiceError(409, "IncorrectState", `The key ${key.id} is in state ${key.state}.`);
  const { keyVersionId } = input;
  if (keyVersionId === undefined) return undefined;
  const found = key.versions.find(({ id }) => id === keyVersionId);
  if (!found) throw invalid(`The key has no such version`);
  return found;
}

/** Without a name the service takes AES; an RSA key must be used with a name of its own. */
function algorithmFor(key: OracleKey, input: Fields): string {
  const { encryptionAlgorithm = "AES_256_GCM" } = input;
  const algorithm = String(encryptionAlgorithm);
  if (algorithm.startsWith("AES") !== (key.algorithm === "AES"))
    throw invalid(`${algorithm} does not fit a key of algorithm ${key.algorithm}`);
  return algorithm;
}

function hashOf(algorithm: string): OaepHash {
  return algorithm === "RSA_OAEP_SHA_1" ? "sha1" : "sha256";
}

function aadOf(key: OracleKey, input: Fields): Buffer {
  const data = Object.entries((input["associatedData"] ?? {}) as Record<string, string>);
  const sorted = data.toSorted(([a], [b]) => (a < b ? -1 : 1));
  return Buffer.from(key.id + (data.length === 0 ? "" : `\n${JSON.stringify(sorted)}`));
}

function bytesOf(input: Fields, field: string): Buffer {
  const value = input[field];
  if (typeof value !== "string") throw invalid(`${field} is missing`);
  return Buffer.from(value, "base64");
}

function invalid(message: string): OracleServiceError {
  return new OracleServiceError(400, "InvalidParameter", message);
}
