/** A Google Cloud KMS key that wraps data keys (kms-storage section 4). */
import { utf8Bytes } from "@ksmkit/common";
import { ArgumentError, kmsFailure, type KeyWrapper, type WrapContext } from "@ksmkit/core/sealed/node";
import { fetchWrappingKey, unwrapAsymmetric, wrapAsymmetric } from "./asymmetric.ts";
import { GcpCaller, type GcpClientOptions } from "./gcp-kms-client.ts";
import type { GcpKeyContext } from "./key-context.ts";
import { parseKeyName, type GcpKeyName, type GcpKeyParts, type GcpKeyPurpose } from "./options.ts";
import { looksRaw, unwrapRaw, wrapRaw } from "./raw.ts";
import { unwrapSymmetric, wrapSymmetric } from "./symmetric.ts";

/** Options of {@link gcpKmsKey}. */
export interface GcpKmsKeyOptions extends GcpClientOptions {
  /**
   * The key as a resource name or in parts. A version is needed for asymmetric and raw keys; for a symmetric key
   * it pins what encrypts, else the primary version does.
   */
  keyName: string | GcpKeyParts;
  /**
   * What the key is for. Default: a key named without a version is symmetric; for one with a version the service
   * is asked once, before the first encryption.
   */
  purpose?: GcpKeyPurpose | undefined;
  /**
   * Binds the wrapped data key to this context; the same is needed to open it. No official client opens the
   * result. Not for asymmetric keys. Default: none (`keeper_auth` for raw keys, as the official clients).
   */
  additionalAuthenticatedData?: string | Uint8Array | undefined;
}

const provider = "Google Cloud KMS";

/**
 * Creates a key wrapper. Nothing is loaded or asked before the first use.
 *
 * @throws {@link ArgumentError} `ERR_KSM_ARGUMENT_INVALID`
 * @example
 * ```ts
 * await storage.changeKey(gcpKmsKey({ keyName: newName, clientOptions: { keyFilename: "/etc/app/gcp.json" } }));
 * ```
 */
export function gcpKmsKey(options: GcpKmsKeyOptions): KeyWrapper {
  const name = parseKeyName(options?.keyName);
  const { purpose, additionalAuthenticatedData: aad } = options;
  if (purpose !== undefined && !["symmetric", "asymmetric", "raw"].includes(purpose))
    throw invalid("purpose must be symmetric, asymmetric or raw");
  if (purpose !== undefined && purpose !== "symmetric" && name.version === undefined)
    throw invalid(`keyName must name a version of an ${purpose} key: …/cryptoKeyVersions/NUMBER`);
  if (purpose === "asymmetric" && aad !== undefined)
    throw invalid("additionalAuthenticatedData does not go with an asymmetric key");
  const { requestTimeoutMs = 3000 } = options;
  if (!(requestTimeoutMs > 0)) throw invalid("requestTimeoutMs must be a positive number");
  return new GcpKmsKey(name, options);
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

  /** What asymmetric and raw keys need: a version, and nothing but data keys. */
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

  /** Asks what the version is for. Its own algorithm decides, not the key's template. */
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

/** What a key must be for that made these bytes, so that opening needs no question to the service. */
function purposeOf(wrapped: Uint8Array, { purpose }: WrapContext): GcpKeyPurpose {
  if (purpose === "content") return "symmetric";
  if (looksRaw(wrapped)) return "raw";
  return rsaLengths.has(wrapped.length) ? "asymmetric" : "symmetric";
}

function invalid(what: string): ArgumentError {
  return new ArgumentError(`Option ${what}.`);
}
