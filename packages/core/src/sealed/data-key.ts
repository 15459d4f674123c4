/** The data key of a sealed configuration, and the calls that wrap and unwrap it. */
import { CodedError, Deadline, equalBytes, type Random } from "@ksmkit/common";
import { KmsError, type KmsErrorCode, type KmsErrorOptions, SealedError } from "../errors/errors.ts";
import type { KeyWrapper, WrapContext } from "./key-wrapper.ts";
import { maxPartLength } from "./detect-layout.ts";

/** A data key and its wrapped form. */
export interface DataKey {
  /** 32 bytes. */
  readonly bytes: Uint8Array;
  /** What the service unwraps to them. */
  readonly wrapped: Uint8Array;
}

/** A key wrapper with a time limit for each call, whose failures are coded errors. */
export class KeyService {
  readonly wrapper: KeyWrapper;
  readonly #timeoutMs: number;
  /** True once a data key was wrapped and unwrapped again. */
  #proven = false;

  constructor(wrapper: KeyWrapper, timeoutMs: number) {
    this.wrapper = wrapper;
    this.#timeoutMs = timeoutMs;
  }

  /** Whether it has both encrypted and decrypted. */
  get proven(): boolean {
    return this.#proven;
  }

  /**
   * Makes a data key: one call, and a second one that unwraps it again unless that has worked before. A missing
   * right to decrypt would otherwise show only when the configuration is needed again.
   */
  async createDataKey(random: Random, prove: boolean): Promise<DataKey> {
    const bytes = random(32);
    return { bytes, wrapped: await this.wrap(bytes, "data-key", prove) };
  }

  /** Encrypts, and decrypts the first result to prove both rights. */
  async wrap(
    plaintext: Uint8Array,
    purpose: WrapContext["purpose"],
    prove: boolean,
  ): Promise<Uint8Array<ArrayBuffer>> {
    // A copy: a result may be a view into an SDK's buffer.
    const wrapped = Uint8Array.from(await this.#call("wrap", plaintext, purpose));
    if (wrapped.length === 0 || (purpose === "data-key" && wrapped.length > maxPartLength))
      throw this.#error("ERR_KSM_KMS_BAD_RESPONSE", `answered with ${wrapped.length} bytes of ciphertext`);
    if (!prove || this.#proven) return wrapped;
    if (!equalBytes(await this.#call("unwrap", wrapped, purpose), plaintext))
      throw this.#error("ERR_KSM_KMS_BAD_RESPONSE", "did not give back what it had encrypted");
    this.#proven = true;
    return wrapped;
  }

  /** Unwraps a data key. @throws {@link KmsError}; {@link SealedError} when it is not 32 bytes long */
  async unwrapDataKey(wrapped: Uint8Array): Promise<DataKey> {
    const bytes = await this.unwrap(wrapped, "data-key");
    if (bytes.length !== 32)
      throw new SealedError(
        "ERR_KSM_SEALED_BAD_DATA_KEY_LENGTH",
        `Its data key has ${bytes.length} bytes instead of 32`,
      );
    return { bytes, wrapped: Uint8Array.from(wrapped) };
  }

  /** Decrypts. */
  async unwrap(wrapped: Uint8Array, purpose: WrapContext["purpose"]): Promise<Uint8Array<ArrayBuffer>> {
    return Uint8Array.from(await this.#call("unwrap", wrapped, purpose));
  }

  async #call(
    operation: "wrap" | "unwrap",
    bytes: Uint8Array,
    purpose: WrapContext["purpose"],
  ): Promise<Uint8Array> {
    const deadline = new Deadline({ timeoutMs: this.#timeoutMs });
    try {
      const context = { signal: deadline.signal, purpose };
      // A wrapper may ignore the signal; the call ends nevertheless.
      const result: unknown = await deadline.race(this.wrapper[operation](bytes, context));
      if (result instanceof Uint8Array) return result;
      throw this.#error("ERR_KSM_KMS_BAD_RESPONSE", "answered without bytes");
    } catch (error) {
      if (deadline.end === "timeout")
        throw this.#error("ERR_KSM_KMS_TIMEOUT", `did not answer within ${this.#timeoutMs} ms`, {
          cause: error,
          retryable: true,
        });
      if (CodedError.isInstance(error)) throw error;
      const code = operation === "unwrap" ? "ERR_KSM_KMS_UNWRAP_FAILED" : "ERR_KSM_KMS_REFUSED";
      throw this.#error(code, `refused to ${operation === "unwrap" ? "decrypt" : "encrypt"}`, {
        cause: error,
      });
    } finally {
      deadline.stop();
    }
  }

  #error(
    code: KmsErrorCode,
    what: string,
    options: Omit<KmsErrorOptions, "provider" | "keyId"> = {},
  ): KmsError {
    const { provider, keyId } = this.wrapper;
    return new KmsError(code, `${provider} ${what} (key ${keyId}).`, { ...options, provider, keyId });
  }
}
