/** The calls of the AWS SDK that are used, and how a client is made. */
import { loadSdk } from "@ksmkit/core/sealed/node";

/** An `EncryptionAlgorithm` of the service. */
export type AwsAlgorithm = "SYMMETRIC_DEFAULT" | "RSAES_OAEP_SHA_256";

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

/** Credentials, or a function that returns them. */
export type AwsKmsCredentials = AwsKmsIdentity | (() => Promise<AwsKmsIdentity>);

interface AwsKmsIdentity {
  accessKeyId: string;
  secretAccessKey: string;
  sessionToken?: string;
  expiration?: Date;
}

/** How the service is reached. The SDK's default chain supplies what is left out. */
export interface AwsKmsConnection {
  /** A ready client; the other options are then unused. The caller closes it. */
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

/** The calls of a connection, and how it is closed. */
export interface OpenConnection {
  calls: AwsKmsCalls;
  close: () => void;
}

const sdkName = "@aws-sdk/client-kms";
const nothing = (): void => {};

/**
 * Loads the SDK and makes a client.
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
    // Without the second flag the SDK only logs a timeout; without either it has none.
    requestHandler: {
      connectionTimeout: requestTimeoutMs,
      requestTimeout: requestTimeoutMs,
      throwOnRequestTimeout: true,
    },
  });
  return { calls: own, close: () => own.destroy() };
}
