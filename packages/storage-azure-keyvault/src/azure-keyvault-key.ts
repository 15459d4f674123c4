/** An Azure Key Vault key as a key wrapper (kms-storage section 5). */
import { ArgumentError, kmsFailure, type KeyWrapper, type WrapContext } from "@ksmkit/core/sealed/node";
import {
  openClient,
  type AzureKeyVaultClient,
  type AzureKeyVaultConnection,
} from "./azure-keyvault-client.ts";
import { azureFailure } from "./failures.ts";
import { parseKeyId, type AzureKeyId } from "./options.ts";

/** RSA-OAEP with SHA-1, or with SHA-256. */
export type AzureWrapAlgorithm = "RSA-OAEP" | "RSA-OAEP-256";

/** Options of {@link azureKeyVaultKey}. */
export interface AzureKeyVaultKeyOptions extends AzureKeyVaultConnection {
  /**
   * `https://VAULT.vault.azure.net/keys/NAME/VERSION`, an RSA key. Without a version the newest is used, and what
   * was sealed before a rotation of the key does not open any more. Default: `KSM_AZ_KEY_ID` from the environment.
   */
  keyId?: string | undefined;
  /** Default: `RSA-OAEP`, which the official clients use; the official Java client uses `RSA-OAEP-256`. */
  algorithm?: AzureWrapAlgorithm | undefined;
  /** The environment variables. Default: `process.env`. */
  env?: Readonly<Record<string, string | undefined>> | undefined;
}

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
  const { algorithm = "RSA-OAEP", requestTimeoutMs = 3000, env = process.env } = options;
  if (algorithm !== "RSA-OAEP" && algorithm !== "RSA-OAEP-256")
    throw new ArgumentError("Option algorithm must be RSA-OAEP or RSA-OAEP-256.");
  if (!(requestTimeoutMs > 0)) throw new ArgumentError("Option requestTimeoutMs must be a positive number.");
  return new AzureKeyVaultKey(parseKeyId(options.keyId || env["KSM_AZ_KEY_ID"]), {
    ...options,
    algorithm,
    requestTimeoutMs,
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
