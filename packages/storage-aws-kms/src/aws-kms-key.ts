/** An AWS KMS key as a key wrapper. */
import {
  ArgumentError,
  kmsFailure,
  SealedError,
  type KeyWrapper,
  type KmsError,
  type WrapContext,
} from "@ksmkit/core/sealed/node";
import {
  openConnection,
  type AwsKmsCalls,
  type AwsKmsConnection,
  type AwsKmsRequest,
  type OpenConnection,
} from "./aws-kms-client.ts";
import { checkOptions } from "./options.ts";
import { awsFailure } from "./failures.ts";
import {
  algorithmOf,
  algorithmOfWrapped,
  otherAlgorithm,
  type AwsAlgorithm,
  type AwsKeySpec,
} from "./key-spec.ts";

/** Options of {@link awsKmsKey}. */
export interface AwsKmsKeyOptions extends AwsKmsConnection {
  /**
   * Key id, key ARN, `alias/name` or alias ARN. Default: `KSM_AWS_KEY_ID`, else `KSM_KMS_KEY_ID`, from the
   * environment. An empty text counts as none.
   */
  keyId?: string | undefined;
  /** The kind of key, which saves finding out for RSA keys. Default: found out. */
  keySpec?: AwsKeySpec | undefined;
  /**
   * What the service binds each ciphertext to, and shows in its audit log. Symmetric keys only. The official
   * clients send none and cannot open what was sealed with it. Default: none.
   */
  encryptionContext?: Readonly<Record<string, string>> | undefined;
  /** The environment variables. Default: `process.env`. */
  env?: Readonly<Record<string, string | undefined>> | undefined;
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
    // One that never opened has told so to its caller.
    (await connection?.catch(() => undefined))?.close();
  }

  /** `KeyId` is always sent: the service then refuses what another key encrypted. */
  #request(algorithm: AwsAlgorithm): AwsKmsRequest {
    return {
      KeyId: this.keyId,
      // Symmetric is the service's default and what the official clients leave out.
      ...(algorithm !== "SYMMETRIC_DEFAULT" && { EncryptionAlgorithm: algorithm }),
      ...(this.#context && { EncryptionContext: this.#context }),
    };
  }

  /**
   * Calls with the algorithm that is certain, or else the likelier one first: the service tells the wrong one by an
   * error of its own, which costs less, in calls and permissions, than asking for the key's kind beforehand.
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

  /** Says what kind of key it is, if the service tells. */
  async #unsupported(
    calls: AwsKmsCalls,
    operation: string,
    options: { abortSignal: AbortSignal },
    cause: unknown,
  ): Promise<KmsError> {
    const metadata = await calls.describeKey({ KeyId: this.keyId }, options).then(
      (answer) => answer.KeyMetadata,
      // The refusal at hand is the answer; this was to make it clearer.
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
