/** The layouts of stored bytes, and how they are detected by shape alone, in the order of kms-storage section 2.7. */
import { decodeBase64, parseJsonObject, stripWhitespace } from "@ksmkit/common";
import { SealedError } from "../errors/errors.ts";

/** The layouts of the official clients, by what is known of them without any key. */
export type SealedLayout =
  /** JavaScript, and Python for Google, Azure and Oracle: what is written by default. */
  | "standard"
  /** .NET. */
  | "dotnet-le16"
  /** Go, asymmetric keys and Azure. */
  | "go-be32"
  /** Java, symmetric keys: the configuration encrypted by the service itself. */
  | "java-direct"
  /** Python and Go for AWS, Go elsewhere with symmetric keys: the same without any frame. */
  | "direct"
  /** Java, asymmetric keys and Azure: under a constant key, that is, not protected. */
  | "java-zero-key"
  /** The same from Google raw keys. */
  | "java-zero-key-raw";

/** The parts of an envelope: a data key wrapped by the service, and the configuration under the data key. */
export interface EnvelopeParts {
  readonly wrappedKey: Uint8Array;
  readonly nonce: Uint8Array;
  readonly tag: Uint8Array;
  readonly ciphertext: Uint8Array;
}

/** Stored bytes by their layout. Nothing is proven by the shape: that takes the key. */
export type DetectedLayout =
  | { readonly kind: "empty" }
  | { readonly kind: "plaintext"; readonly form: "json" | "base64"; readonly text: string }
  | {
      readonly kind: "envelope";
      readonly layout: "standard" | "dotnet-le16" | "go-be32";
      readonly parts: EnvelopeParts;
      /** Bytes after the last part. */
      readonly rest: number;
    }
  | {
      readonly kind: "unprotected";
      readonly layout: "java-zero-key" | "java-zero-key-raw";
      /** In the place of the tag, by an oversight of the program that wrote it. */
      readonly nonce: Uint8Array;
      /** Ciphertext and a tag of 12 bytes. */
      readonly sealed: Uint8Array;
    }
  | {
      readonly kind: "direct";
      readonly layout: "java-direct" | "direct";
      /** What the service is to decrypt; the first that opens. */
      readonly candidates: readonly Uint8Array[];
    };

/** How the length of a part is written. */
export type LengthForm = "be16" | "le16" | "be32";

/** What {@link splitParts} finds. */
export interface SplitParts {
  /** The parts, as views. */
  readonly parts: readonly Uint8Array[];
  /** Bytes after the last part. */
  readonly rest: number;
}

/** Longest part of the `standard` layout: its length is written in 16 bits. */
export const maxPartLength = 65_535;

/** The two bytes that enveloped layouts start with. */
export const headerSize = 2;

/** True for bytes that start with `FF FF`. */
export function hasHeader(bytes: Uint8Array): boolean {
  return bytes.length >= headerSize && bytes[0] === 0xff && bytes[1] === 0xff;
}

/** Reads `count` parts after the header; `null` when a length runs past the end. */
export function splitParts(bytes: Uint8Array, count: number, form: LengthForm): SplitParts | null {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const prefix = form === "be32" ? 4 : 2;
  const parts: Uint8Array[] = [];
  let at = headerSize;
  for (let i = 0; i < count; i++) {
    if (at + prefix > bytes.length) return null;
    const length = form === "be32" ? view.getUint32(at) : view.getUint16(at, form === "le16");
    at += prefix;
    if (at + length > bytes.length) return null;
    parts.push(bytes.subarray(at, at + length));
    at += length;
  }
  return { parts, rest: bytes.length - at };
}

/** Writes parts behind the header with 16-bit big-endian lengths, the form of the `standard` layout. */
export function joinParts(...parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const size = parts.reduce((sum, part) => sum + 2 + part.length, headerSize);
  const bytes = new Uint8Array(size);
  const view = new DataView(bytes.buffer);
  bytes.fill(0xff, 0, headerSize);
  let at = headerSize;
  for (const part of parts) {
    view.setUint16(at, part.length);
    bytes.set(part, at + 2);
    at += 2 + part.length;
  }
  return bytes;
}

/** Options of {@link detectLayout}. */
export interface DetectLayoutOptions {
  /**
   * Whether bytes of no known shape count as the `direct` layout, which are then sent to the key service as they are.
   * Default: false.
   */
  direct?: boolean | undefined;
}

const utf8 = /* @__PURE__ */ new TextDecoder("utf-8", { fatal: true });

/** Strict UTF-8, without a byte order mark; `null` for anything else. */
export function strictText(bytes: Uint8Array): string | null {
  try {
    return utf8.decode(bytes);
  } catch {
    return null;
  }
}

/**
 * Detects the layout of stored bytes. One layer of base64 text is decoded: secret stores and variables hold it.
 *
 * @throws {@link SealedError} `ERR_KSM_SEALED_NOT_A_CONFIG`, `_NOT_JSON_OBJECT`, `_TRUNCATED`
 */
export function detectLayout(bytes: Uint8Array, options: DetectLayoutOptions = {}): DetectedLayout {
  if (bytes.length === 0) return { kind: "empty" };
  const text = strictText(bytes);
  if (text === null) return detectBinary(bytes, undefined, options);
  const trimmed = text.trim();
  if (parseJsonObject(trimmed) !== null) return { kind: "plaintext", form: "json", text: trimmed };
  if (isJson(trimmed)) throw notAnObject("The configuration is");
  const decoded = decodeBase64(stripWhitespace(trimmed));
  if (decoded === null || decoded.length === 0) return detectBinary(bytes, undefined, options);
  const inner = strictText(decoded)?.trim();
  if (inner !== undefined && parseJsonObject(inner) !== null)
    return { kind: "plaintext", form: "base64", text: inner };
  if (hasHeader(decoded)) return detectEnvelope(decoded);
  return detectBinary(bytes, decoded, options);
}

/** @param decoded what the bytes are as base64 text: Go writes Oracle's answer as it comes. */
function detectBinary(
  bytes: Uint8Array,
  decoded: Uint8Array | undefined,
  { direct }: DetectLayoutOptions,
): DetectedLayout {
  if (hasHeader(bytes)) return detectEnvelope(bytes);
  if (bytes.length === 1 && bytes[0] === 0xff) throw truncated();
  const whole = decoded === undefined ? [bytes] : [decoded, bytes];
  const length = bytes.length < 3 ? -1 : new DataView(bytes.buffer, bytes.byteOffset).getUint16(0);
  if (length === bytes.length - 2) {
    const candidates = [bytes.subarray(2), ...(direct ? whole : [])];
    return { kind: "direct", layout: "java-direct", candidates };
  }
  if (direct) return { kind: "direct", layout: "direct", candidates: whole };
  throw new SealedError(
    "ERR_KSM_SEALED_NOT_A_CONFIG",
    "It is neither a configuration nor a sealed one of a known layout. The layout of the Python and Go clients without frame has no mark: name it with importDirect",
  );
}

function detectEnvelope(bytes: Uint8Array): DetectedLayout {
  const four = splitParts(bytes, 4, "be16");
  if (four?.rest === 0)
    return four.parts[2]?.length === 32 ? zeroKey(four.parts) : envelope("standard", four);
  const five = splitParts(bytes, 5, "be16");
  if (five?.rest === 0 && five.parts[2]?.length === 16 && five.parts[3]?.length === 32)
    return zeroKey(five.parts);
  const go = splitParts(bytes, 4, "be32");
  if (go?.rest === 0) return envelope("go-be32", go);
  const dotnet = splitParts(bytes, 4, "le16");
  if (dotnet?.rest === 0) return envelope("dotnet-le16", dotnet);
  // Both official readers of this layout accept what follows.
  if (four !== null) return envelope("standard", four);
  throw truncated();
}

function envelope(
  layout: "standard" | "dotnet-le16" | "go-be32",
  { parts, rest }: { parts: readonly Uint8Array[]; rest: number },
): DetectedLayout {
  const [wrappedKey, nonce, tag, ciphertext] = parts as [Uint8Array, Uint8Array, Uint8Array, Uint8Array];
  return { kind: "envelope", layout, parts: { wrappedKey, nonce, tag, ciphertext }, rest };
}

/** The data key and the nonce were passed in each other's place: nonce and ciphertext stand last. */
function zeroKey(parts: readonly Uint8Array[]): DetectedLayout {
  const [nonce, sealed] = parts.slice(-2) as [Uint8Array, Uint8Array];
  const layout = parts.length === 4 ? "java-zero-key" : "java-zero-key-raw";
  return { kind: "unprotected", layout, nonce, sealed };
}

function truncated(): SealedError {
  return new SealedError("ERR_KSM_SEALED_TRUNCATED", "It is cut off: a length runs past its end");
}

/** @param what the subject of the sentence */
export function notAnObject(what: string): SealedError {
  return new SealedError("ERR_KSM_SEALED_NOT_JSON_OBJECT", `${what} JSON, but not an object`);
}

/** True for JSON of any kind. */
export function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
