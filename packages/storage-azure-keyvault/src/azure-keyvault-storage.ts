/** The sealed storage of a configuration, and an Azure Key Vault key as its key wrapper (kms-storage section 5). */
import {
  type KeyWrapper,
  type SealedStorage,
  type WrapContext,
  kmsFailure,
  sealedFileStorage,
  pickOptions,
  requireOptions,
  sealedPlaceChecks,
} from "@ksmkit/core/sealed/node";
import {
  type AzureKeyVaultClient,
  type AzureKeyVaultConnection,
  openClient,
  type AzureKeyId,
} from "./azure-keyvault-client.ts";
import { azureFailure } from "./failures.ts";
import {
  checkOptions,
  parseKeyId,
  type AzureKeyVaultKeyOptions,
  type AzureKeyVaultStorageOptions,
  type AzureWrapAlgorithm,
  keyChecks,
} from "./options.ts";

/**
 * Makes a key wrapper of an Azure Key Vault key. The SDK is loaded and a client made with the first call.
 *
 * @throws {@link ArgumentError} `ERR_KSM_ARGUMENT_INVALID`
 * @example
 * ```ts
 * await storage.changeKey(azureKeyVaultKey({ keyId: newKeyId, credential: new ManagedIdentityCredential() }));
 * ```
 */
export function azureKeyVaultKey(options: AzureKeyVaultKeyOptions = {}): KeyWrapper {
  requireOptions(options, keyChecks, "azureKeyVaultKey");
  const { algorithm = "RSA-OAEP", requestTimeoutMs = 3000, env = process.env } = options;
  checkOptions({ algorithm, requestTimeoutMs });
  return new AzureKeyVaultKey(parseKeyId(options.keyId || env["KSM_AZ_KEY_ID"]), {
    ...options,
    algorithm,
    requestTimeoutMs,
  });
}

/**
 * Creates a storage of a device configuration, sealed under an Azure Key Vault key. Nothing is read or written, no
 * call is made and no SDK loaded before the first use.
 *
 * @throws {@link ArgumentError} `ERR_KSM_ARGUMENT_INVALID`
 * @example
 * ```ts
 * const storage = azureKeyVaultStorage({
 *   path: "/etc/app/ksm.bin",
 *   keyId: "https://my-vault.vault.azure.net/keys/ksm/0123456789abcdef0123456789abcdef",
 * });
 * const manager = new SecretsManager({ storage, token: process.env["KSM_TOKEN"] });
 * ```
 */
export function azureKeyVaultStorage(options: AzureKeyVaultStorageOptions = {}): SealedStorage {
  requireOptions(options, { ...keyChecks, ...sealedPlaceChecks }, "azureKeyVaultStorage");
  return sealedFileStorage({
    ...pickOptions(options, sealedPlaceChecks),
    wrapper: azureKeyVaultKey(pickOptions(options, keyChecks)),
  });
}

class AzureKeyVaultKey implements KeyWrapper {
  readonly provider = "Azure Key Vault";
  readonly keyId: string;
  readonly #id: AzureKeyId;
  readonly #options: AzureKeyVaultConnection & { algorithm: AzureWrapAlgorithm; requestTimeoutMs: number };
  #client: Promise<AzureKeyVaultClient> | undefined;

  constructor(
    id: AzureKeyId,
    options: AzureKeyVaultConnection & { algorithm: AzureWrapAlgorithm; requestTimeoutMs: number },
  ) {
    this.keyId = id.id;
    this.#id = id;
    this.#options = options;
  }

  wrap(plaintext: Uint8Array, context: WrapContext): Promise<Uint8Array> {
    return this.#call("wrapKey", plaintext, context);
  }

  unwrap(wrapped: Uint8Array, context: WrapContext): Promise<Uint8Array> {
    return this.#call("unwrapKey", wrapped, context);
  }

  async #call(
    operation: "wrapKey" | "unwrapKey",
    bytes: Uint8Array,
    { purpose, signal }: WrapContext,
  ): Promise<Uint8Array> {
    const where = { provider: this.provider, keyId: this.keyId, operation };
    const { algorithm, requestTimeoutMs } = this.#options;
    if (purpose === "content")
      throw kmsFailure("ERR_KSM_KMS_KEY_UNSUPPORTED", {
        ...where,
        help: "An RSA key takes no whole configuration. Use layout standard.",
      });
    signal.throwIfAborted();
    const client = await this.#open();
    let result: unknown;
    try {
      const options = { abortSignal: signal, requestOptions: { timeout: requestTimeoutMs } };
      result = (await client[operation](algorithm, bytes, options)).result;
    } catch (error) {
      throw azureFailure(error, where);
    }
    if (result instanceof Uint8Array && result.length > 0) return result;
    throw kmsFailure("ERR_KSM_KMS_BAD_RESPONSE", where);
  }

  #open(): Promise<AzureKeyVaultClient> {
    this.#client ??= openClient(this.#id, this.#options, this).catch((error: unknown) => {
      this.#client = undefined;
      throw error;
    });
    return this.#client;
  }
}
