/** The part of the Azure SDKs that is used, and how a client of them is made. */
import { loadSdk } from "@ksmkit/core/sealed/node";
import type { AzureKeyId } from "./options.ts";

/** What is passed along with each call. */
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

/** What is used of `CryptographyClient` from `@azure/keyvault-keys`. */
export interface AzureKeyVaultClient {
  wrapKey: AzureCall;
  unwrapKey: AzureCall;
}

/** What is used of a `TokenCredential` of `@azure/identity`. */
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

/** Three attempts that fit into the time limit of a call; the SDK's own would take longer than that to give up. */
const retryOptions = { maxRetries: 2, retryDelayInMs: 100, maxRetryDelayInMs: 1000 };

/**
 * Makes a client; the SDKs are loaded by it.
 *
 * Given a bare identifier, the SDK would fetch the key before each first operation, to encrypt by itself: a call and
 * a permission more. Given a key without its material, it asks the service to do the work at once.
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
