/** The part of the AWS SDK that is used, and how a client of it is made. */
import { loadSdk } from "@ksmkit/core/sealed/node";
import type { AwsAlgorithm } from "./key-spec.ts";

/** Input of the calls. */
export interface AwsKmsRequest {
  KeyId: string;
  Plaintext?: Uint8Array;
  CiphertextBlob?: Uint8Array;
  EncryptionAlgorithm?: AwsAlgorithm;
  EncryptionContext?: Record<string, string>;
}

interface CallOptions {
  abortSignal?: AbortSignal;
}

/** Three methods of the service, for clients that are not the AWS SDK's. Its `KMS` class has them too. */
export interface AwsKmsCalls {
  encrypt(
    request: AwsKmsRequest & { Plaintext: Uint8Array },
    options: CallOptions,
  ): Promise<{ CiphertextBlob?: Uint8Array | undefined }>;
  decrypt(
    request: AwsKmsRequest & { CiphertextBlob: Uint8Array },
    options: CallOptions,
  ): Promise<{ Plaintext?: Uint8Array | undefined }>;
  describeKey(
    request: { KeyId: string },
    options: CallOptions,
  ): Promise<{
    KeyMetadata?:
      | { KeySpec?: string | undefined; KeyUsage?: string | undefined; KeyState?: string | undefined }
      | undefined;
  }>;
}

/** A `KMSClient` of `@aws-sdk/client-kms`. */
export interface AwsKmsClient {
  send(command: never, options?: CallOptions): Promise<unknown>;
}

/** Credentials, or a function that gets them. */
export type AwsKmsCredentials = AwsKmsIdentity | (() => Promise<AwsKmsIdentity>);

interface AwsKmsIdentity {
  accessKeyId: string;
  secretAccessKey: string;
  sessionToken?: string;
  expiration?: Date;
}

/** How the service is reached. What is left out is up to the SDK's default chain. */
export interface AwsKmsConnection {
  /** A client in place of one made from the other options, which then mean nothing. It is never closed here. */
  client?: AwsKmsClient | AwsKmsCalls | undefined;
  /** For example `eu-central-1`. */
  region?: string | undefined;
  credentials?: AwsKmsCredentials | undefined;
  /** A profile of the AWS configuration files. */
  profile?: string | undefined;
  /** Base URL of the service, for private endpoints. */
  endpoint?: string | undefined;
  /** How often one call is tried. Default: 3. */
  maxAttempts?: number | undefined;
  /** Limit of one attempt in milliseconds; `kmsTimeoutMs` limits them together. Default: 3000. */
  requestTimeoutMs?: number | undefined;
}

/** The calls of a connection, and what lets go of it. */
export interface OpenConnection {
  calls: AwsKmsCalls;
  close: () => void;
}

const sdkName = "@aws-sdk/client-kms";
const nothing = (): void => {};

/**
 * Opens a connection; the SDK is loaded by it.
 *
 * @throws {@link KmsError} `ERR_KSM_KMS_SDK_MISSING`
 */
export async function openConnection(
  options: AwsKmsConnection,
  key: { provider: string; keyId: string },
): Promise<OpenConnection> {
  const { client } = options;
  if (client !== undefined && "encrypt" in client) return { calls: client, close: nothing };
  const sdk = await loadSdk(sdkName, () => import("@aws-sdk/client-kms"), key);
  if (client !== undefined) {
    const send = client.send.bind(client) as (command: object, options: CallOptions) => Promise<never>;
    const calls: AwsKmsCalls = {
      encrypt: (request, call) => send(new sdk.EncryptCommand(request), call),
      decrypt: (request, call) => send(new sdk.DecryptCommand(request), call),
      describeKey: (request, call) => send(new sdk.DescribeKeyCommand(request), call),
    };
    return { calls, close: nothing };
  }
  const { region, credentials, profile, endpoint, maxAttempts = 3, requestTimeoutMs = 3000 } = options;
  const own = new sdk.KMS({
    ...(region !== undefined && { region }),
    ...(credentials !== undefined && { credentials }),
    ...(profile !== undefined && { profile }),
    ...(endpoint !== undefined && { endpoint }),
    maxAttempts,
    // Without the second flag the SDK only logs; without either it waits for ever.
    requestHandler: {
      connectionTimeout: requestTimeoutMs,
      requestTimeout: requestTimeoutMs,
      throwOnRequestTimeout: true,
    },
  });
  return { calls: own, close: () => own.destroy() };
}
