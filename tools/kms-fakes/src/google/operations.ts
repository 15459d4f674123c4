/** The operations of the service on real keys. */
import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";
import { openOaep, publicPem, type OaepHash } from "../rsa-oaep.ts";
import { openBytes, sealBytes, type SealBinding } from "../sealed-bytes.ts";
import { crc32c } from "./crc32c.ts";
import {
  findGoogleKey,
  findGoogleVersion,
  requireEnabled,
  type GoogleKey,
  type GoogleKeyVersion,
  type GooglePurpose,
} from "./keys.ts";
import { GoogleServiceError, grpcStatus } from "./service-error.ts";

/** A decoded message: bytes are Buffers, wrapped integers `{ value }` or null. */
export type Message = Record<string, unknown>;

/** Every operation the fake knows, by its name in the service definition. */
export const googleOperations: Readonly<
  Record<string, (keys: readonly GoogleKey[], input: Message) => Message>
> = {
  GetCryptoKey: getCryptoKey,
  GetCryptoKeyVersion: getCryptoKeyVersion,
  Encrypt: encrypt,
  Decrypt: decrypt,
  GetPublicKey: getPublicKey,
  AsymmetricDecrypt: asymmetricDecrypt,
  RawEncrypt: rawEncrypt,
  RawDecrypt: rawDecrypt,
};

/** The field of an answer that holds the bytes a client will use. */
export const googleResultField: Readonly<Record<string, string>> = {
  Encrypt: "ciphertext",
  Decrypt: "plaintext",
  AsymmetricDecrypt: "plaintext",
  RawEncrypt: "ciphertext",
  RawDecrypt: "plaintext",
};

/** First byte of the service's symmetric ciphertexts. */
const firstByte = 0x0a;
const rawTagLength = 16;

function getCryptoKey(keys: readonly GoogleKey[], input: Message): Message {
  const { name, purpose, primary, templateAlgorithm } = findGoogleKey(keys, nameOf(input));
  return {
    name,
    purpose,
    primary: purpose === "ENCRYPT_DECRYPT" ? versionMessage(primary) : null,
    versionTemplate: { algorithm: templateAlgorithm, protectionLevel: "SOFTWARE" },
  };
}

function getCryptoKeyVersion(keys: readonly GoogleKey[], input: Message): Message {
  return versionMessage(findGoogleVersion(keys, nameOf(input)).version);
}

function versionMessage({ name, state, algorithm }: GoogleKeyVersion): Message {
  return { name, state, algorithm, protectionLevel: "SOFTWARE" };
}

function encrypt(keys: readonly GoogleKey[], input: Message): Message {
  const name = nameOf(input);
  const plaintext = checkedBytes(input, "plaintext");
  const aad = checkedBytes(input, "additionalAuthenticatedData");
  const { key, version } = name.includes("/cryptoKeyVersions/")
    ? findGoogleVersion(keys, name)
    : { key: findGoogleKey(keys, name), version: findGoogleKey(keys, name).primary };
  requirePurpose(key, "ENCRYPT_DECRYPT");
  requireEnabled(version);
  const ciphertext = sealBytes(bindingOf(version, aad), plaintext, firstByte);
  return {
    name: version.name,
    ciphertext,
    ciphertextCrc32c: checksum(ciphertext),
    ...verified(input, "plaintext"),
    ...verified(input, "additionalAuthenticatedData"),
    protectionLevel: "SOFTWARE",
  };
}

function decrypt(keys: readonly GoogleKey[], input: Message): Message {
  const key = findGoogleKey(keys, nameOf(input));
  requirePurpose(key, "ENCRYPT_DECRYPT");
  const ciphertext = checkedBytes(input, "ciphertext");
  const aad = checkedBytes(input, "additionalAuthenticatedData");
  for (const version of key.versions) {
    const plaintext = openBytes(bindingOf(version, aad), ciphertext);
    if (!plaintext) continue;
    requireEnabled(version);
    return { ...plaintextOf(plaintext), usedPrimary: version === key.primary, protectionLevel: "SOFTWARE" };
  }
  throw new GoogleServiceError(
    grpcStatus.invalidArgument,
    "Decryption failed: verify that 'name' refers to the correct CryptoKey.",
  );
}

function getPublicKey(keys: readonly GoogleKey[], input: Message): Message {
  const { version } = findGoogleVersion(keys, nameOf(input));
  requireEnabled(version);
  if (version.secret.kind !== "rsa")
    throw new GoogleServiceError(grpcStatus.failedPrecondition, `${version.name} is not asymmetric`);
  const pem = publicPem(version.secret.key);
  return {
    name: version.name,
    pem,
    pemCrc32c: checksum(Buffer.from(pem)),
    algorithm: version.algorithm,
    protectionLevel: "SOFTWARE",
  };
}

function asymmetricDecrypt(keys: readonly GoogleKey[], input: Message): Message {
  const { key, version } = findGoogleVersion(keys, nameOf(input));
  requirePurpose(key, "ASYMMETRIC_DECRYPT");
  requireEnabled(version);
  const ciphertext = checkedBytes(input, "ciphertext");
  const hash = version.algorithm.slice(version.algorithm.lastIndexOf("_") + 1).toLowerCase() as OaepHash;
  const plaintext = version.secret.kind === "rsa" ? openOaep(version.secret.key, hash, ciphertext) : null;
  if (!plaintext)
    throw new GoogleServiceError(grpcStatus.invalidArgument, "Decryption failed: the ciphertext is invalid.");
  return {
    ...plaintextOf(plaintext),
    verifiedCiphertextCrc32c: input["ciphertextCrc32c"] !== null,
    protectionLevel: "SOFTWARE",
  };
}

function rawEncrypt(keys: readonly GoogleKey[], input: Message): Message {
  const version = rawVersion(keys, input);
  const plaintext = checkedBytes(input, "plaintext");
  const aad = checkedBytes(input, "additionalAuthenticatedData");
  const key = aesKey(version);
  let initializationVector: Buffer;
  let ciphertext: Buffer;
  if (version.algorithm.endsWith("_GCM")) {
    const sealed = sealBytes({ key, aad }, plaintext);
    initializationVector = sealed.subarray(0, 12);
    ciphertext = sealed.subarray(12);
  } else {
    if (aad.length > 0)
      throw new GoogleServiceError(
        grpcStatus.invalidArgument,
        `${version.algorithm} takes no authenticated data`,
      );
    initializationVector = randomBytes(16);
    const cipher = createCipheriv(nodeCipher(version), key, initializationVector);
    ciphertext = Buffer.concat([cipher.update(plaintext), cipher.final()]);
  }
  return {
    ciphertext,
    ciphertextCrc32c: checksum(ciphertext),
    initializationVector,
    initializationVectorCrc32c: checksum(initializationVector),
    tagLength: version.algorithm.endsWith("_GCM") ? rawTagLength : 0,
    ...verified(input, "plaintext"),
    ...verified(input, "additionalAuthenticatedData"),
    name: version.name,
    protectionLevel: "SOFTWARE",
  };
}

function rawDecrypt(keys: readonly GoogleKey[], input: Message): Message {
  const version = rawVersion(keys, input);
  const ciphertext = checkedBytes(input, "ciphertext");
  const aad = checkedBytes(input, "additionalAuthenticatedData");
  const vector = checkedBytes(input, "initializationVector");
  const plaintext = openRaw(version, aad, vector, ciphertext);
  if (!plaintext)
    throw new GoogleServiceError(grpcStatus.invalidArgument, "Decryption failed: the ciphertext is invalid.");
  return {
    ...plaintextOf(plaintext),
    ...verified(input, "ciphertext"),
    ...verified(input, "additionalAuthenticatedData"),
    ...verified(input, "initializationVector"),
    protectionLevel: "SOFTWARE",
  };
}

function openRaw(version: GoogleKeyVersion, aad: Buffer, vector: Buffer, ciphertext: Buffer): Buffer | null {
  const key = aesKey(version);
  if (version.algorithm.endsWith("_GCM"))
    return vector.length === 12 ? openBytes({ key, aad }, Buffer.concat([vector, ciphertext])) : null;
  const cipher = createDecipheriv(nodeCipher(version), key, vector);
  return Buffer.concat([cipher.update(ciphertext), cipher.final()]);
}

function rawVersion(keys: readonly GoogleKey[], input: Message): GoogleKeyVersion {
  const { key, version } = findGoogleVersion(keys, nameOf(input));
  requirePurpose(key, "RAW_ENCRYPT_DECRYPT");
  requireEnabled(version);
  return version;
}

/** `AES_256_CBC` → `aes-256-cbc`. */
function nodeCipher(version: GoogleKeyVersion): string {
  return version.algorithm.toLowerCase().replaceAll("_", "-");
}

function aesKey({ name, secret }: GoogleKeyVersion): Uint8Array {
  if (secret.kind !== "aes")
    throw new GoogleServiceError(grpcStatus.failedPrecondition, `${name} is not symmetric`);
  return secret.key;
}

function bindingOf(version: GoogleKeyVersion, aad: Buffer): SealBinding {
  return { key: aesKey(version), aad: Buffer.concat([Buffer.from(version.name), aad]) };
}

function requirePurpose(key: GoogleKey, purpose: GooglePurpose): void {
  if (key.purpose !== purpose)
    throw new GoogleServiceError(
      grpcStatus.failedPrecondition,
      `The operation needs the purpose ${purpose}, but ${key.name} is for ${key.purpose}.`,
    );
}

function nameOf(input: Message): string {
  return String(input["name"]);
}

/** The bytes of a field, held against the checksum that came with them. */
function checkedBytes(input: Message, field: string): Buffer {
  const bytes = (input[field] ?? Buffer.alloc(0)) as Buffer;
  const sent = input[`${field}Crc32c`] as { value: string } | null | undefined;
  if (sent && Number(sent.value) !== crc32c(bytes))
    throw new GoogleServiceError(
      grpcStatus.invalidArgument,
      `The checksum in field ${field}_crc32c did not match the data.`,
    );
  return bytes;
}

function verified(input: Message, field: string): Message {
  const name = `verified${field.charAt(0).toUpperCase()}${field.slice(1)}Crc32c`;
  return { [name]: (input[`${field}Crc32c`] ?? null) !== null };
}

function checksum(bytes: Uint8Array): { value: string } {
  return { value: String(crc32c(bytes)) };
}

function plaintextOf(plaintext: Buffer): Message {
  return { plaintext, plaintextCrc32c: checksum(plaintext) };
}
