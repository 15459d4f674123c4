/** The operations of the service on real keys. */
import { randomBytes } from "node:crypto";
import { openOaep, publicPem, sealOaep, type OaepHash } from "../rsa-oaep.ts";
import { openBytes, sealBytes, type SealBinding } from "../sealed-bytes.ts";
import { findAwsKey, type AwsKey } from "./keys.ts";
import { AwsServiceError } from "./service-error.ts";

/** What an operation sees of its call. */
export interface AwsCall {
  keys: readonly AwsKey[];
  input: Record<string, unknown>;
  /** Access key id of the caller. */
  identity: string;
}

type Answer = Record<string, unknown>;

/** Every operation the fake knows, by its protocol name. */
export const awsOperations: Readonly<Record<string, (call: AwsCall) => Answer>> = {
  DescribeKey: describeKey,
  Encrypt: encrypt,
  Decrypt: decrypt,
  GenerateDataKey: generateDataKey,
  GetPublicKey: getPublicKey,
};

/** The field of an answer that holds the bytes a client will use. */
export const awsResultField: Readonly<Record<string, string>> = {
  Encrypt: "CiphertextBlob",
  Decrypt: "Plaintext",
  GenerateDataKey: "CiphertextBlob",
  GetPublicKey: "PublicKey",
};

const largestPlaintext = 4096;
/** First byte of the service's symmetric ciphertexts. */
const firstByte = 0x01;

function describeKey(call: AwsCall): Answer {
  const { spec, usage, state, arn, id } = keyOf(call);
  const KeyMetadata = {
    AWSAccountId: "111122223333",
    Arn: arn,
    KeyId: id,
    CreationDate: 1_700_000_000.123,
    Enabled: state === "Enabled",
    KeyState: state,
    KeyUsage: usage,
    KeySpec: spec,
    CustomerMasterKeySpec: spec,
    KeyManager: "CUSTOMER",
    Origin: "AWS_KMS",
    MultiRegion: false,
    ...(usage === "ENCRYPT_DECRYPT" && { EncryptionAlgorithms: algorithmsOf(spec) }),
  };
  return { KeyMetadata };
}

function encrypt(call: AwsCall): Answer {
  const key = usableKey(call);
  const plaintext = bytesOf(call.input, "Plaintext");
  if (plaintext.length < 1 || plaintext.length > largestPlaintext)
    throw new AwsServiceError("ValidationException", "Value at 'plaintext' failed to satisfy constraint");
  const algorithm = algorithmFor(key, call.input);
  const blob =
    key.secret.kind === "rsa"
      ? sealOaep(key.secret.key, hashOf(algorithm), plaintext)
      : sealBytes(bindingOf(key, call.input), plaintext, firstByte);
  return { CiphertextBlob: blob.toString("base64"), KeyId: key.arn, EncryptionAlgorithm: algorithm };
}

function decrypt(call: AwsCall): Answer {
  const { input, keys } = call;
  const blob = bytesOf(input, "CiphertextBlob");
  if (input["KeyId"] === undefined) {
    const owner = keys.find((key) => key.secret.kind === "symmetric" && opens(key, input, blob));
    if (!owner) throw new AwsServiceError("InvalidCiphertextException");
    return decrypt({ ...call, input: { ...input, KeyId: owner.arn } });
  }
  const key = usableKey(call);
  const algorithm = algorithmFor(key, input);
  const plaintext =
    key.secret.kind === "rsa"
      ? openOaep(key.secret.key, hashOf(algorithm), blob)
      : openBytes(bindingOf(key, input), blob);
  if (!plaintext) {
    const foreign = keys.some((other) => other !== key && opens(other, input, blob));
    throw foreign && key.secret.kind === "symmetric"
      ? new AwsServiceError(
          "IncorrectKeyException",
          "The key ID in the request does not identify a CMK that can perform this operation.",
        )
      : new AwsServiceError("InvalidCiphertextException");
  }
  return { Plaintext: plaintext.toString("base64"), KeyId: key.arn, EncryptionAlgorithm: algorithm };
}

function generateDataKey(call: AwsCall): Answer {
  const key = usableKey(call);
  if (key.secret.kind !== "symmetric")
    throw new AwsServiceError("InvalidKeyUsageException", `${key.arn} key usage is not symmetric`);
  const { KeySpec, NumberOfBytes } = call.input;
  const length = typeof NumberOfBytes === "number" ? NumberOfBytes : KeySpec === "AES_128" ? 16 : 32;
  const dataKey = randomBytes(length);
  const blob = sealBytes(bindingOf(key, call.input), dataKey, firstByte);
  return { CiphertextBlob: blob.toString("base64"), Plaintext: dataKey.toString("base64"), KeyId: key.arn };
}

function getPublicKey(call: AwsCall): Answer {
  const key = usableKey(call);
  if (key.secret.kind !== "rsa")
    throw new AwsServiceError("UnsupportedOperationException", `${key.arn} has no public key`);
  const der = publicPem(key.secret.key).replace(/-----[^-]+-----|\s/g, "");
  return {
    KeyId: key.arn,
    PublicKey: der,
    KeySpec: key.spec,
    KeyUsage: key.usage,
    EncryptionAlgorithms: algorithmsOf(key.spec),
  };
}

function keyOf({ keys, input, identity }: AwsCall): AwsKey {
  const key = findAwsKey(keys, String(input["KeyId"]));
  if (key.allowedTo && !key.allowedTo.includes(identity))
    throw new AwsServiceError("AccessDeniedException", `${identity} is not authorized to use ${key.arn}`);
  return key;
}

function usableKey(call: AwsCall): AwsKey {
  const key = keyOf(call);
  if (key.state === "Disabled") throw new AwsServiceError("DisabledException", `${key.arn} is disabled.`);
  if (key.state !== "Enabled")
    throw new AwsServiceError("KMSInvalidStateException", `${key.arn} is pending deletion.`);
  return key;
}

function algorithmsOf(spec: string): string[] {
  return spec === "SYMMETRIC_DEFAULT" ? ["SYMMETRIC_DEFAULT"] : ["RSAES_OAEP_SHA_1", "RSAES_OAEP_SHA_256"];
}

function algorithmFor(key: AwsKey, input: Record<string, unknown>): string {
  const { EncryptionAlgorithm = "SYMMETRIC_DEFAULT" } = input;
  const algorithm = String(EncryptionAlgorithm);
  if (key.usage !== "ENCRYPT_DECRYPT" || !algorithmsOf(key.spec).includes(algorithm))
    throw new AwsServiceError("InvalidKeyUsageException", `${key.arn} cannot be used with ${algorithm}.`);
  if (key.secret.kind === "rsa" && input["EncryptionContext"] !== undefined)
    throw new AwsServiceError("ValidationException", "Asymmetric keys take no encryption context.");
  return algorithm;
}

function hashOf(algorithm: string): OaepHash {
  return algorithm === "RSAES_OAEP_SHA_1" ? "sha1" : "sha256";
}

/** The encryption context is authenticated, so another or none does not open the blob. */
function bindingOf(key: AwsKey, input: Record<string, unknown>): SealBinding {
  const context = Object.entries((input["EncryptionContext"] ?? {}) as Record<string, string>);
  const suffix = context.length === 0 ? "" : `\n${JSON.stringify(context.toSorted(byName))}`;
  if (key.secret.kind !== "symmetric") throw new Error(`${key.arn} is not symmetric`);
  return { key: key.secret.key, aad: Buffer.from(key.arn + suffix) };
}

function byName([a]: [string, string], [b]: [string, string]): number {
  return a < b ? -1 : 1;
}

function opens(key: AwsKey, input: Record<string, unknown>, blob: Uint8Array): boolean {
  return key.secret.kind === "symmetric" && openBytes(bindingOf(key, input), blob) !== null;
}

function bytesOf(input: Record<string, unknown>, field: string): Buffer {
  const value = input[field];
  if (typeof value !== "string")
    throw new AwsServiceError("ValidationException", `Value null at '${field}' failed to satisfy constraint`);
  return Buffer.from(value, "base64");
}
