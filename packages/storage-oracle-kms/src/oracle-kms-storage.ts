/** The sealed storage of a configuration, and an Oracle Vault key as its key wrapper (kms-storage section 6). */
import {
  type KeyWrapper,
  type KmsError,
  type SealedStorage,
  type WrapContext,
  crc32,
  retryTransient,
  kmsFailure,
  sealedFileStorage,
  pickOptions,
  requireOptions,
  sealedPlaceChecks,
} from "@ksmkit/core/sealed/node";
import { decodeBase64, encodeBase64, utf8Text } from "@ksmkit/common";
import {
  checkOptions,
  type OracleKmsKeyOptions,
  type OracleKmsStorageOptions,
  keyChecks,
} from "./options.ts";
import { isTransient, isWrongAlgorithm, oracleFailure } from "./failures.ts";
import {
  type CallOracle,
  type OracleKeyDetails,
  type OracleKmsClient,
  openOracle,
} from "./oracle-kms-client.ts";

const provider = "Oracle Vault";
const rsaAlgorithm = "RSA_OAEP_SHA_256";
/** Lengths of RSA ciphertexts: 2048, 3072 and 4096 bits. */
const rsaLengths: ReadonlySet<number> = new Set([256, 384, 512]);

/**
 * Makes a key wrapper of an Oracle Cloud Vault key. The SDK is loaded and a client made with the first call.
 *
 * @throws {@link ArgumentError} `ERR_KSM_ARGUMENT_INVALID`
 * @example
 * ```ts
 * await storage.changeKey(oracleKmsKey({ keyId: newKeyId, cryptoEndpoint, profile: "PROD" }));
 * ```
 */
export function oracleKmsKey(options: OracleKmsKeyOptions): KeyWrapper {
  requireOptions(options, keyChecks, "oracleKmsKey");
  return new OracleKmsKey(options);
}

/**
 * Creates a storage of a device configuration, sealed under an Oracle Cloud Vault key. Nothing is read or written, no
 * call is made and no SDK loaded before the first use.
 *
 * @throws {@link ArgumentError} `ERR_KSM_ARGUMENT_INVALID`
 * @example
 * ```ts
 * const storage = oracleKmsStorage({
 *   path: "/etc/app/ksm.bin",
 *   keyId: "ocid1.key.oc1.iad.…",
 *   cryptoEndpoint: "https://….kms.us-ashburn-1.oraclecloud.com",
 * });
 * const manager = new SecretsManager({ storage, token: process.env["KSM_TOKEN"] });
 * ```
 */
export function oracleKmsStorage(options: OracleKmsStorageOptions): SealedStorage {
  requireOptions(options, { ...keyChecks, ...sealedPlaceChecks }, "oracleKmsStorage");
  return sealedFileStorage({
    ...pickOptions(options, sealedPlaceChecks),
    wrapper: oracleKmsKey(pickOptions(options, keyChecks)),
  });
}

class OracleKmsKey implements KeyWrapper {
  readonly provider = provider;
  readonly keyId: string;
  readonly #options: OracleKmsKeyOptions;
  #algorithm: "AES" | "RSA" | undefined;
  #call: Promise<CallOracle> | undefined;

  constructor(options: OracleKmsKeyOptions) {
    checkOptions(options);
    const { keyId, algorithm, associatedData } = options;
    this.keyId = keyId;
    this.#options = options;
    this.#algorithm = algorithm ?? (associatedData ? "AES" : undefined);
  }

  async wrap(plaintext: Uint8Array, context: WrapContext): Promise<Uint8Array> {
    const text = encodeBase64(plaintext);
    const encrypt = (algorithm: "AES" | "RSA"): Promise<Uint8Array> =>
      this.#request(context, async (client) => {
        const encryptDataDetails = { ...this.#details(algorithm), plaintext: text };
        return this.#bytes(
          (await client.encrypt({ encryptDataDetails })).encryptedData?.ciphertext,
          "encrypt",
        );
      });
    this.#requireKind(context);
    if (context.purpose === "content" || this.#algorithm !== undefined)
      return encrypt(this.#algorithm ?? "AES").catch((error: unknown) => this.#fail(error, "encrypt"));
    return this.#encryptByTrial(encrypt);
  }

  async unwrap(wrapped: Uint8Array, context: WrapContext): Promise<Uint8Array> {
    this.#requireKind(context);
    const bytes = unwrapText(wrapped);
    const isRsa = context.purpose === "data-key" && (this.#algorithm === "RSA" || this.#looksRsa(bytes));
    const decryptDataDetails = {
      ...this.#details(isRsa ? "RSA" : "AES"),
      ciphertext: encodeBase64(bytes),
    };
    try {
      return await this.#request(context, async (client) => {
        const { plaintext, plaintextChecksum } =
          (await client.decrypt({ decryptDataDetails })).decryptedData ?? {};
        const opened = this.#bytes(plaintext, "decrypt");
        // CRC-32 of IEEE 802.3, not Castagnoli's (KSM-870); equal means good (KSM-866).
        if (Number(plaintextChecksum || Number.NaN) !== crc32(opened))
          throw this.#badAnswer("decrypt: the plaintext does not match its checksum");
        return opened;
      });
    } catch (error) {
      return this.#fail(error, "decrypt");
    }
  }

  /** Drops the credentials; the next call reads them again. */
  async close(): Promise<void> {
    this.#call = undefined;
  }

  /** AES first: the service refuses the wrong algorithm, and the kind of the key is known to another endpoint only. */
  async #encryptByTrial(encrypt: (algorithm: "AES" | "RSA") => Promise<Uint8Array>): Promise<Uint8Array> {
    try {
      const wrapped = await encrypt("AES");
      this.#algorithm = "AES";
      return wrapped;
    } catch (error) {
      if (!isWrongAlgorithm(error)) return this.#fail(error, "encrypt");
    }
    try {
      const wrapped = await encrypt("RSA");
      this.#algorithm = "RSA";
      return wrapped;
    } catch (error) {
      return this.#fail(error, "encrypt");
    }
  }

  async #request<T>({ signal }: WrapContext, work: (client: OracleKmsClient) => Promise<T>): Promise<T> {
    signal.throwIfAborted();
    const call = await this.#open();
    const { sleep } = this.#options;
    return retryTransient(() => call(work, signal), { signal, isTransient, sleep });
  }

  #open(): Promise<CallOracle> {
    this.#call ??= openOracle(this.#options, this).catch((error: unknown) => {
      this.#call = undefined;
      throw error;
    });
    return this.#call;
  }

  #details(algorithm: "AES" | "RSA"): OracleKeyDetails {
    const { keyId, keyVersionId, associatedData } = this.#options;
    return {
      keyId,
      ...(keyVersionId && { keyVersionId }),
      ...(algorithm === "RSA" && { encryptionAlgorithm: rsaAlgorithm }),
      ...(associatedData && { associatedData: { ...associatedData } }),
    };
  }

  #looksRsa(bytes: Uint8Array): boolean {
    return this.#algorithm === undefined && rsaLengths.has(bytes.length);
  }

  #requireKind({ purpose }: WrapContext): void {
    if (purpose === "content" && this.#algorithm === "RSA")
      throw kmsFailure("ERR_KSM_KMS_KEY_UNSUPPORTED", {
        provider,
        keyId: this.keyId,
        operation: "encrypt",
        help: "An RSA key takes no whole configuration. Use layout standard.",
      });
  }

  #bytes(text: unknown, operation: string): Uint8Array {
    const bytes = typeof text === "string" ? decodeBase64(text) : null;
    if (bytes === null || bytes.length === 0) throw this.#badAnswer(`${operation}: the result is missing`);
    return bytes;
  }

  #badAnswer(operation: string): KmsError {
    return kmsFailure("ERR_KSM_KMS_BAD_RESPONSE", { provider, keyId: this.keyId, operation });
  }

  #fail(error: unknown, operation: string): never {
    throw oracleFailure(error, { provider, keyId: this.keyId, operation });
  }
}

/** Shortest ciphertext of a data key: initialization vector, 32 bytes, tag. */
const shortest = 60;
const base64Only = /^[A-Za-z0-9+/]+={0,2}$/;

/**
 * The ciphertext, which the official Go client stores as base64 text and the others as bytes. Random bytes of this
 * length are no base64 text.
 */
function unwrapText(wrapped: Uint8Array): Uint8Array {
  if (wrapped.length < shortest || wrapped.length % 4 !== 0 || wrapped.some((byte) => byte > 0x7f))
    return wrapped;
  const text = utf8Text(wrapped);
  return base64Only.test(text) ? (decodeBase64(text) ?? wrapped) : wrapped;
}
