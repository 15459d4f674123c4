/** Options of AWS KMS keys and storages, and their check before anything is stored (kms-storage section 3). */
import { ArgumentError, type SealedPlaceOptions, anyOption } from "@ksmkit/core/sealed/node";
import type { AwsAlgorithm, AwsKmsConnection } from "./aws-kms-client.ts";

/** The `KeySpec` of a usable key. */
export type AwsKeySpec = "SYMMETRIC_DEFAULT" | "RSA_2048" | "RSA_3072" | "RSA_4096";

const algorithms: Readonly<Record<AwsKeySpec, AwsAlgorithm>> = {
  SYMMETRIC_DEFAULT: "SYMMETRIC_DEFAULT",
  RSA_2048: "RSAES_OAEP_SHA_256",
  RSA_3072: "RSAES_OAEP_SHA_256",
  RSA_4096: "RSAES_OAEP_SHA_256",
};

/** The key specs that can be used. */
export const usableKeySpecs: readonly string[] = Object.keys(algorithms);

/** The algorithm that the official clients use with a key of this spec. */
export function algorithmOf(spec: AwsKeySpec): AwsAlgorithm {
  return algorithms[spec];
}

/** RSA ciphertexts are as long as the modulus; a symmetric one of a data key has about 184 bytes. */
export function algorithmOfWrapped(wrapped: Uint8Array): AwsAlgorithm {
  return [256, 384, 512].includes(wrapped.length) ? "RSAES_OAEP_SHA_256" : "SYMMETRIC_DEFAULT";
}

/** The other of the two algorithms. */
export function otherAlgorithm(algorithm: AwsAlgorithm): AwsAlgorithm {
  return algorithm === "SYMMETRIC_DEFAULT" ? "RSAES_OAEP_SHA_256" : "SYMMETRIC_DEFAULT";
}

/** Options of {@link awsKmsKey}. */
export interface AwsKmsKeyOptions extends AwsKmsConnection {
  /**
   * Key id, key ARN, `alias/name` or alias ARN. Default: `KSM_AWS_KEY_ID`, else `KSM_KMS_KEY_ID`, from the
   * environment. An empty text counts as none.
   */
  keyId?: string | undefined;
  /** The kind of key. Default: found out, which costs one more call before the first encryption with an RSA key. */
  keySpec?: AwsKeySpec | undefined;
  /**
   * What the service binds each ciphertext to, and shows in its audit log. Symmetric keys only. The official
   * clients send none and cannot open what was sealed with it. Default: none.
   */
  encryptionContext?: Readonly<Record<string, string>> | undefined;
  /** The environment variables. Default: `process.env`. */
  env?: Readonly<Record<string, string | undefined>> | undefined;
}

/** Options of {@link awsKmsStorage}: the key, and where and how the configuration is stored. */
export interface AwsKmsStorageOptions extends AwsKmsKeyOptions, SealedPlaceOptions {
  /** The environment variables. Default: `process.env`. */
  env?: SealedPlaceOptions["env"];
}

/** The names of the options of a key; {@link checkOptions} looks at what they hold. */
export const keyChecks: { readonly [Name in keyof Required<AwsKmsKeyOptions>]: typeof anyOption } = {
  keyId: anyOption,
  keySpec: anyOption,
  encryptionContext: anyOption,
  env: anyOption,
  client: anyOption,
  region: anyOption,
  credentials: anyOption,
  profile: anyOption,
  endpoint: anyOption,
  maxAttempts: anyOption,
  requestTimeoutMs: anyOption,
};

/** Checks the options of a key. @throws {@link ArgumentError} `ERR_KSM_ARGUMENT_INVALID` */
export function checkOptions(options: AwsKmsKeyOptions): void {
  const { keySpec, encryptionContext, client } = options;
  if (keySpec !== undefined && !usableKeySpecs.includes(keySpec))
    throw new ArgumentError(`Option keySpec must be one of ${usableKeySpecs.join(", ")}.`);
  if (encryptionContext !== undefined && !isTextRecord(encryptionContext))
    throw new ArgumentError("Option encryptionContext must be an object of texts.");
  // A client has its own region, credentials, endpoint and limits.
  if (client === undefined) checkConnection(options);
  else if (!hasMethods(client, "encrypt", "decrypt") && !hasMethods(client, "send"))
    throw new ArgumentError(
      "Option client must be a KMSClient or KMS, or have encrypt, decrypt and describeKey.",
    );
}

function checkConnection(options: AwsKmsKeyOptions): void {
  const { credentials, endpoint, maxAttempts = 3, requestTimeoutMs = 3000 } = options;
  if (credentials !== undefined && typeof credentials !== "function" && !isIdentity(credentials))
    throw new ArgumentError(
      "Option credentials must have accessKeyId and secretAccessKey, or be a function that gets them.",
    );
  if (endpoint !== undefined && !isEndpoint(endpoint))
    throw new ArgumentError("Option endpoint must be a URL: https://kms.eu-central-1.amazonaws.com.");
  if (!Number.isInteger(maxAttempts) || maxAttempts < 1)
    throw new ArgumentError("Option maxAttempts must be 1 or more.");
  if (!(typeof requestTimeoutMs === "number" && requestTimeoutMs > 0))
    throw new ArgumentError("Option requestTimeoutMs must be a positive number.");
}

function hasMethods(value: unknown, ...names: readonly string[]): boolean {
  if (typeof value !== "object" || value === null) return false;
  return names.every((name) => typeof Reflect.get(value, name) === "function");
}

function isTextRecord(value: unknown): boolean {
  return (
    typeof value === "object" &&
    value !== null &&
    Object.values(value).every((text) => typeof text === "string")
  );
}

/** Getters included: identities of some providers are objects of a class. */
function isIdentity(value: object | null): boolean {
  if (typeof value !== "object" || value === null) return false;
  return ["accessKeyId", "secretAccessKey"].every((name) => {
    const text: unknown = Reflect.get(value, name);
    return typeof text === "string" && text !== "";
  });
}

/** Without a scheme, a host and port parse as a URL too. */
function isEndpoint(text: unknown): boolean {
  return typeof text === "string" && URL.canParse(text) && /^https?:$/.test(new URL(text).protocol);
}
