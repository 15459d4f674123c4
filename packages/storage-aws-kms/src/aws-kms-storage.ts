/** The sealed storage of a configuration, and an AWS KMS key as its key wrapper (kms-storage section 3). */
import {
  ArgumentError,
  type KeyWrapper,
  type KmsError,
  SealedError,
  type SealedStorage,
  type WrapContext,
  kmsFailure,
  sealedFileStorage,
  pickOptions,
  requireOptions,
  sealedPlaceChecks,
} from "@ksmkit/core/sealed/node";
import {
  type AwsKmsCalls,
  type AwsKmsRequest,
  type OpenConnection,
  openConnection,
  type AwsAlgorithm,
} from "./aws-kms-client.ts";
import {
  type AwsKmsKeyOptions,
  type AwsKmsStorageOptions,
  algorithmOf,
  algorithmOfWrapped,
  checkOptions,
  otherAlgorithm,
  keyChecks,
} from "./options.ts";
import { awsFailure } from "./failures.ts";

/**
 * Creates a storage of a device configuration, sealed under an AWS KMS key in the layout of the official JavaScript
 * client. Nothing is read or written, no call is made and no SDK loaded before the first use.
 *
 * @throws {@link ArgumentError} `ERR_KSM_ARGUMENT_INVALID` when there is no key id or an option is malformed
 * @example
 * ```ts
 * const storage = awsKmsStorage({ keyId: "alias/ksm", path: "/var/lib/app/ksm.bin" });
 * const manager = new SecretsManager({ storage, token: "US:…" });
 * ```
 */
export function awsKmsStorage(options: AwsKmsStorageOptions = {}): SealedStorage {
  requireOptions(options, { ...keyChecks, ...sealedPlaceChecks }, "awsKmsStorage");
  return sealedFileStorage({
    ...pickOptions(options, sealedPlaceChecks),
    wrapper: awsKmsKey(pickOptions(options, keyChecks)),
  });
}

/** The most that the service encrypts itself. */
const maxContent = 4096;

/**
 * Makes a key wrapper of an AWS KMS key. The SDK is loaded and a client made with the first call.
 *
 * A symmetric key needs the permissions `kms:Encrypt` and `kms:Decrypt` only, and so does an RSA key; for any other
 * key `kms:DescribeKey` makes the error clearer.
 *
 * @throws {@link ArgumentError} `ERR_KSM_ARGUMENT_INVALID`
 * @example
 * ```ts
 * await storage.changeKey(awsKmsKey({ keyId: "alias/new", region: "eu-central-1" }));
 * ```
 */
export function awsKmsKey(options: AwsKmsKeyOptions = {}): KeyWrapper {
  requireOptions(options, keyChecks, "awsKmsKey");
  return new AwsKmsKey(options);
}

class AwsKmsKey implements KeyWrapper {
  readonly provider = "AWS KMS";
  readonly keyId: string;
  readonly #options: AwsKmsKeyOptions;
  readonly #context: Record<string, string> | undefined;
  #connection: Promise<OpenConnection> | undefined;
  /** The key's algorithm, once it is certain. */
  #algorithm: AwsAlgorithm | undefined;

  constructor(options: AwsKmsKeyOptions) {
    const { keySpec, encryptionContext, env = process.env } = options;
    this.keyId = options.keyId || env["KSM_AWS_KEY_ID"] || env["KSM_KMS_KEY_ID"] || "";
    if (typeof this.keyId !== "string" || this.keyId === "")
      throw argumentError("Option keyId must name an AWS KMS key; so may KSM_AWS_KEY_ID.");
    checkOptions(options);
    if (keySpec !== undefined) this.#algorithm = algorithmOf(keySpec);
    this.#options = options;
    if (encryptionContext !== undefined && Object.keys(encryptionContext).length > 0) {
      if (this.#algorithm === "RSAES_OAEP_SHA_256")
        throw argumentError("Option encryptionContext needs a symmetric key.");
      this.#context = { ...encryptionContext };
      this.#algorithm = "SYMMETRIC_DEFAULT";
    }
  }

  wrap(plaintext: Uint8Array, context: WrapContext): Promise<Uint8Array> {
    const isContent = context.purpose === "content";
    if (isContent && plaintext.length > maxContent)
      return Promise.reject(
        new SealedError(
          "ERR_KSM_SEALED_TOO_LARGE",
          `The configuration has ${plaintext.length} bytes; AWS KMS itself takes ${maxContent}. Use layout standard.`,
        ),
      );
    return this.#call(
      "Encrypt",
      isContent ? "SYMMETRIC_DEFAULT" : undefined,
      context,
      async (calls, algorithm, options) => {
        const { CiphertextBlob } = await calls.encrypt(
          { ...this.#request(algorithm), Plaintext: plaintext },
          options,
        );
        return CiphertextBlob;
      },
    );
  }

  unwrap(wrapped: Uint8Array, context: WrapContext): Promise<Uint8Array> {
    const certain = context.purpose === "content" ? "SYMMETRIC_DEFAULT" : undefined;
    return this.#call(
      "Decrypt",
      certain,
      context,
      async (calls, algorithm, options) => {
        const request = { ...this.#request(algorithm), EncryptionAlgorithm: algorithm };
        return (await calls.decrypt({ ...request, CiphertextBlob: wrapped }, options)).Plaintext;
      },
      algorithmOfWrapped(wrapped),
    );
  }

  async close(): Promise<void> {
    const connection = this.#connection;
    this.#connection = undefined;
    // The caller that needed the connection has received the error.
    (await connection?.catch(() => undefined))?.close();
  }

  /** `KeyId` is always sent, so that the service refuses what another key encrypted. */
  #request(algorithm: AwsAlgorithm): AwsKmsRequest {
    return {
      KeyId: this.keyId,
      // Symmetric is the service's default and what the official clients leave out.
      ...(algorithm !== "SYMMETRIC_DEFAULT" && { EncryptionAlgorithm: algorithm }),
      ...(this.#context && { EncryptionContext: this.#context }),
    };
  }

  /**
   * Calls with the algorithm that is certain, else with the likelier one first. The service has an error of its own
   * for the wrong algorithm, so a second attempt needs fewer calls and permissions than a question beforehand.
   *
   * @param required the algorithm that the purpose needs
   */
  async #call(
    operation: "Encrypt" | "Decrypt",
    required: AwsAlgorithm | undefined,
    { signal }: WrapContext,
    work: (
      calls: AwsKmsCalls,
      algorithm: AwsAlgorithm,
      options: { abortSignal: AbortSignal },
    ) => Promise<Uint8Array | undefined>,
    likely: AwsAlgorithm = "SYMMETRIC_DEFAULT",
  ): Promise<Uint8Array> {
    const options = { abortSignal: signal };
    try {
      const { calls } = await this.#open();
      const first = required ?? this.#algorithm ?? likely;
      const attempt = async (algorithm: AwsAlgorithm): Promise<Uint8Array> => {
        const bytes = await work(calls, algorithm, options);
        if (!(bytes instanceof Uint8Array) || bytes.length === 0)
          throw kmsFailure("ERR_KSM_KMS_BAD_RESPONSE", this.#where(operation));
        this.#algorithm ??= algorithm;
        return bytes;
      };
      try {
        return await attempt(first);
      } catch (error) {
        if (!isWrongUsage(error)) throw error;
        const isCertain = required !== undefined || this.#algorithm !== undefined;
        if (isCertain) throw await this.#unsupported(calls, operation, options, error);
      }
      try {
        return await attempt(otherAlgorithm(first));
      } catch (error) {
        throw isWrongUsage(error) ? await this.#unsupported(calls, operation, options, error) : error;
      }
    } catch (error) {
      throw awsFailure(error, this.#where(operation));
    }
  }

  #open(): Promise<OpenConnection> {
    this.#connection ??= openConnection(this.#options, this).catch((error: unknown) => {
      this.#connection = undefined;
      throw error;
    });
    return this.#connection;
  }

  /** The error of a key that cannot be used, with its kind where the service reports it. */
  async #unsupported(
    calls: AwsKmsCalls,
    operation: string,
    options: { abortSignal: AbortSignal },
    cause: unknown,
  ): Promise<KmsError> {
    const metadata = await calls.describeKey({ KeyId: this.keyId }, options).then(
      (answer) => answer.KeyMetadata,
      // The refusal is reported without the kind of the key.
      () => undefined,
    );
    const kind = metadata ? `It is ${metadata.KeySpec} for ${metadata.KeyUsage}. ` : "";
    return kmsFailure("ERR_KSM_KMS_KEY_UNSUPPORTED", {
      ...this.#where(operation),
      help: `${kind}Use a symmetric key or an RSA key for ENCRYPT_DECRYPT; layout direct and encryptionContext need a symmetric one.`,
      cause,
    });
  }

  #where(operation: string): { provider: string; keyId: string; operation: string } {
    return { provider: this.provider, keyId: this.keyId, operation };
  }
}

function isWrongUsage(error: unknown): boolean {
  return error instanceof Error && error.name === "InvalidKeyUsageException";
}

function argumentError(message: string): ArgumentError {
  return new ArgumentError(message);
}
