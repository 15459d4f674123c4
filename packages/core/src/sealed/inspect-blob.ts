/** Describes a blob without opening it: no key, no key service, no content. */
import { SealedError } from "../errors/errors.ts";
import type { KeeperErrorCode } from "../errors/codes.ts";
import { checkParts } from "./envelope.ts";
import { type EnvelopeParts, type DetectedLayout, type SealedLayout, detectLayout } from "./detect-layout.ts";

/** What the shape of stored bytes shows. */
export interface BlobReport {
  /** The layout; `json` and `base64-json` are configurations in the clear; `unknown` may be `direct`. */
  readonly layout: SealedLayout | "json" | "base64-json" | "empty" | "unknown";
  /** Number of bytes. */
  readonly size: number;
  /** True when the content is under a key service's key; `undefined` when the shape does not show it. */
  readonly isProtected: boolean | undefined;
  /** Family of the wrapping key, by the length of the wrapped data key. Envelopes only. */
  readonly keyFamily?: "rsa-2048" | "rsa-3072" | "rsa-4096" | "google-raw" | "symmetric";
  /** Bytes of the wrapped data key. Envelopes only. */
  readonly wrappedKeyLength?: number;
  /** Bytes of the nonce. Envelopes only. */
  readonly nonceLength?: number;
  /** Bytes of the content. Envelopes only. */
  readonly contentLength?: number;
  /** Bytes after the last part, which belong to nothing. Envelopes only. */
  readonly trailingLength?: number;
  /** Why it cannot be opened, as far as the shape shows. */
  readonly problem?: KeeperErrorCode;
}

/**
 * Inspects stored bytes.
 *
 * @example
 * ```ts
 * inspectBlob(await readFile("client-config.json")).layout; // "standard"
 * ```
 */
export function inspectBlob(bytes: Uint8Array): BlobReport {
  try {
    return { size: bytes.length, ...describe(detectLayout(bytes)) };
  } catch (error) {
    return { size: bytes.length, layout: "unknown", isProtected: undefined, problem: problemOf(error) };
  }
}

function describe(blob: DetectedLayout): Omit<BlobReport, "size"> {
  switch (blob.kind) {
    case "empty":
      return { layout: "empty", isProtected: false };
    case "plaintext":
      return { layout: blob.form === "json" ? "json" : "base64-json", isProtected: false };
    case "unprotected":
      return { layout: blob.layout, isProtected: false, problem: "ERR_KSM_SEALED_UNPROTECTED" };
    case "direct":
      return { layout: blob.layout, isProtected: true };
    case "envelope":
  }
  const { layout, parts, rest } = blob;
  return { layout, isProtected: true, ...describeParts(parts), trailingLength: rest };
}

function describeParts(parts: EnvelopeParts): Partial<BlobReport> {
  const lengths = {
    keyFamily: keyFamily(parts.wrappedKey),
    wrappedKeyLength: parts.wrappedKey.length,
    nonceLength: parts.nonce.length,
    contentLength: parts.ciphertext.length,
  };
  try {
    checkParts(parts);
    return lengths;
  } catch (error) {
    return { ...lengths, problem: problemOf(error) };
  }
}

/** RSA gives as many bytes as its modulus has; Google's raw ciphertexts start with their own length. */
export function keyFamily(wrappedKey: Uint8Array): NonNullable<BlobReport["keyFamily"]> {
  switch (wrappedKey.length) {
    case 256:
      return "rsa-2048";
    case 384:
      return "rsa-3072";
    case 512:
      return "rsa-4096";
    default:
      return wrappedKey.length === 62 && wrappedKey[0] === 0 && wrappedKey[1] === 60
        ? "google-raw"
        : "symmetric";
  }
}

function problemOf(error: unknown): KeeperErrorCode {
  if (error instanceof SealedError) return error.code;
  throw error;
}
