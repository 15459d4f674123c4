/** The sealed storage of a configuration, and a Google Cloud KMS key as its key wrapper (kms-storage section 4). */
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
import { utf8Bytes } from "@ksmkit/common";
import {
  type GcpKeyContext,
  fetchWrappingKey,
  looksRaw,
  unwrapAsymmetric,
  unwrapRaw,
  unwrapSymmetric,
  wrapAsymmetric,
  wrapRaw,
  wrapSymmetric,
} from "./key-purposes.ts";
import { GcpCaller } from "./gcp-kms-client.ts";
import {
  checkOptions,
  type GcpKeyName,
  type GcpKeyPurpose,
  type GcpKmsKeyOptions,
  type GcpKmsStorageOptions,
  keyChecks,
} from "./options.ts";

const provider = "Google Cloud KMS";

/**
 * Makes a key wrapper of a Google Cloud KMS key. The SDK is loaded and a client made with the first call.
 *
 * @throws {@link ArgumentError} `ERR_KSM_ARGUMENT_INVALID`
 * @example
 * ```ts
 * await storage.changeKey(gcpKmsKey({ keyName: newName, clientOptions: { keyFilename: "/etc/app/gcp.json" } }));
 * ```
 */
export function gcpKmsKey(options: GcpKmsKeyOptions): KeyWrapper {
  requireOptions(options, keyChecks, "gcpKmsKey");
  return new GcpKmsKey(checkOptions(options), options);
}

/**
 * Creates a storage of a device configuration, sealed under a Google Cloud KMS key. Nothing is read or written, no
 * call is made and no SDK loaded before the first use.
 *
 * @throws {@link ArgumentError} `ERR_KSM_ARGUMENT_INVALID` for a malformed key name or option
 * @example
 * ```ts
 * const storage = gcpKmsStorage({
 *   path: "/etc/app/ksm.bin",
 *   keyName: "projects/my-project/locations/europe-west1/keyRings/ksm/cryptoKeys/config",
 * });
 * const manager = new SecretsManager({ storage, token: process.env["KSM_TOKEN"] });
 * ```
 */
export function gcpKmsStorage(options: GcpKmsStorageOptions): SealedStorage {
  requireOptions(options, { ...keyChecks, ...sealedPlaceChecks }, "gcpKmsStorage");
  return sealedFileStorage({
    ...pickOptions(options, sealedPlaceChecks),
    wrapper: gcpKmsKey(pickOptions(options, keyChecks)),
  });
}

class GcpKmsKey implements KeyWrapper {
  readonly provider = provider;
  readonly keyId: string;
  readonly #context: GcpKeyContext;
  #purpose: GcpKeyPurpose | undefined;
  #wrappingKey: CryptoKey | undefined;

  constructor(name: GcpKeyName, options: GcpKmsKeyOptions) {
    this.keyId = name.version ?? name.key;
    const { additionalAuthenticatedData: aad } = options;
    const source = { provider, keyId: this.keyId };
    this.#context = {
      caller: new GcpCaller(source, options),
      name,
      aad: typeof aad === "string" ? utf8Bytes(aad) : aad && Uint8Array.from(aad),
      source,
    };
    this.#purpose = options.purpose ?? (name.version === undefined ? "symmetric" : undefined);
  }

  async wrap(plaintext: Uint8Array, context: WrapContext): Promise<Uint8Array> {
    const purpose = (this.#purpose ??= await this.#discover(context));
    if (purpose === "symmetric") return wrapSymmetric(this.#context, plaintext, context);
    const versioned = this.#versioned(context);
    if (purpose === "raw") return wrapRaw(versioned, plaintext, context);
    // A version's public key never changes.
    this.#wrappingKey ??= await fetchWrappingKey(versioned, context);
    return wrapAsymmetric(this.#wrappingKey, plaintext);
  }

  async unwrap(wrapped: Uint8Array, context: WrapContext): Promise<Uint8Array> {
    const purpose = this.#purpose ?? purposeOf(wrapped, context);
    if (purpose === "symmetric") return unwrapSymmetric(this.#context, wrapped, context);
    const versioned = this.#versioned(context);
    return purpose === "raw"
      ? unwrapRaw(versioned, wrapped, context)
      : unwrapAsymmetric(versioned, wrapped, context);
  }

  close(): Promise<void> {
    return this.#context.caller.close();
  }

  /** Requires what asymmetric and raw keys need: a version, and a data key to wrap. */
  #versioned({ purpose }: WrapContext): GcpKeyContext & { version: string } {
    const { name, source } = this.#context;
    if (purpose === "data-key" && name.version !== undefined)
      return { ...this.#context, version: name.version };
    throw kmsFailure("ERR_KSM_KMS_KEY_UNSUPPORTED", {
      ...source,
      operation: "wrapping",
      help: "Only symmetric keys take a whole configuration.",
    });
  }

  /** Asks the service for the purpose of the version. Its own algorithm decides, not the key's template. */
  async #discover(context: WrapContext): Promise<GcpKeyPurpose> {
    const { caller, name, source } = this.#context;
    const operation = "getCryptoKeyVersion";
    const { algorithm, state } = await caller.call(operation, { name: name.version ?? name.key }, context);
    const text = String(algorithm);
    if (state !== "ENABLED")
      throw kmsFailure("ERR_KSM_KMS_KEY_DISABLED", {
        ...source,
        operation,
        help: `The version is in state ${state}.`,
      });
    if (text === "GOOGLE_SYMMETRIC_ENCRYPTION" || text === "EXTERNAL_SYMMETRIC_ENCRYPTION")
      return "symmetric";
    if (text.startsWith("RSA_DECRYPT_OAEP_")) return "asymmetric";
    if (/^AES_(?:128|256)_GCM$/.test(text)) return "raw";
    throw kmsFailure("ERR_KSM_KMS_KEY_UNSUPPORTED", {
      ...source,
      operation,
      help: `The algorithm of the version is ${text}. Use one for encryption: symmetric, RSA OAEP, or raw AES-GCM.`,
    });
  }
}

/** Lengths of RSA ciphertexts: 2048, 3072 and 4096 bits. */
const rsaLengths: ReadonlySet<number> = new Set([256, 384, 512]);

/** Infers the purpose of the key from its ciphertext, so that opening needs no call for it. */
function purposeOf(wrapped: Uint8Array, { purpose }: WrapContext): GcpKeyPurpose {
  if (purpose === "content") return "symmetric";
  if (looksRaw(wrapped)) return "raw";
  return rsaLengths.has(wrapped.length) ? "asymmetric" : "symmetric";
}
