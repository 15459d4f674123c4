/** What can be wrong with the options, found out before anything is stored. */
import { ArgumentError } from "@ksmkit/core/sealed/node";
import type { AwsKmsKeyOptions } from "./aws-kms-key.ts";
import { usableKeySpecs } from "./key-spec.ts";

/** @throws {@link ArgumentError} `ERR_KSM_ARGUMENT_INVALID` */
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
