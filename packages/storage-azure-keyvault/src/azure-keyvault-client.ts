/** The calls of the Azure SDKs that are used, and how a client is made. */
import { loadSdk } from "@ksmkit/core/sealed/node";

/** A parsed key identifier. */
export interface AzureKeyId {
  /** As it was given. */
  readonly id: string;
  /** `https://NAME.vault.azure.net`. */
  readonly vaultUrl: string;
  readonly name: string;
  readonly version: string | undefined;
}

/** Options of each call. */
export interface AzureCallOptions {
  abortSignal: AbortSignal;
  /** Limit of one attempt in milliseconds. */
  requestOptions: { timeout: number };
}

type AzureCall = (
  algorithm: "RSA-OAEP" | "RSA-OAEP-256",
  key: Uint8Array,
  options: AzureCallOptions,
) => Promise<{ result?: Uint8Array | undefined }>;

/** The methods of `CryptographyClient` from `@azure/keyvault-keys` that are used. */
export interface AzureKeyVaultClient {
  wrapKey: AzureCall;
  unwrapKey: AzureCall;
}

/** The method of a `TokenCredential` of `@azure/identity` that is used. */
export interface AzureCredential {
  getToken(
    scopes: string | string[],
    options?: object,
  ): Promise<{ token: string; expiresOnTimestamp: number } | null>;
}

/** How the service is reached. */
export interface AzureKeyVaultConnection {
  /** A ready client for the key, in place of one made from the other options. */
  client?: AzureKeyVaultClient | undefined;
  /** For example a `ClientSecretCredential`. Default: `DefaultAzureCredential` of `@azure/identity`. */
  credential?: AzureCredential | undefined;
  /** Options of the SDK's `CryptographyClient`, for proxies, own certificates and other clouds. Default: none. */
  clientOptions?: Readonly<Record<string, unknown>> | undefined;
  /** Limit of one attempt in milliseconds; `kmsTimeoutMs` limits them together. Default: 3000. */
  requestTimeoutMs?: number | undefined;
}

/** Three attempts within the time limit of a call; the SDK's default would exceed it. */
const retryOptions = { maxRetries: 2, retryDelayInMs: 100, maxRetryDelayInMs: 1000 };

/**
 * Loads the SDKs and makes a client.
 *
 * Given a bare identifier, the SDK fetches the key before the first operation in order to encrypt locally: one more
 * call and one more permission. Given a key without its material, it sends the operation to the service at once.
 *
 * @throws {@link KmsError} `ERR_KSM_KMS_SDK_MISSING`
 */
export async function openClient(
  { id, name, version, vaultUrl }: AzureKeyId,
  { client, credential, clientOptions }: AzureKeyVaultConnection,
  key: { provider: string; keyId: string },
): Promise<AzureKeyVaultClient> {
  if (client) return client;
  const sdk = await loadSdk("@azure/keyvault-keys", () => import("@azure/keyvault-keys"), key);
  const properties = { name, vaultUrl, ...(version !== undefined && { version }) };
  return new sdk.CryptographyClient({ id, name, properties }, credential ?? (await defaultCredential(key)), {
    retryOptions,
    ...clientOptions,
  });
}

async function defaultCredential(key: { provider: string; keyId: string }): Promise<AzureCredential> {
  const sdk = await loadSdk("@azure/identity", () => import("@azure/identity"), key);
  return new sdk.DefaultAzureCredential();
}
