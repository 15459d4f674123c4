/** Tells the layouts apart by their shape alone, in the order of kms-storage section 2.7. */
import { decodeBase64, parseJsonObject, stripWhitespace } from "@ksmkit/common";
import { SealedError } from "../errors/errors.ts";
import type { Recognised } from "./layouts.ts";
import { hasHeader, splitParts } from "./split-parts.ts";

/** Options of {@link recognise}. */
export interface RecogniseOptions {
  /**
   * Takes bytes of no known shape for the `direct` layout. They are then sent to the key service as they are.
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
 * Recognises stored bytes. Base64 text is looked into, one layer: secret stores and variables hold it.
 *
 * @throws {@link SealedError} `ERR_KSM_SEALED_NOT_A_CONFIG`, `_NOT_JSON_OBJECT`, `_TRUNCATED`
 */
export function recognise(bytes: Uint8Array, options: RecogniseOptions = {}): Recognised {
  if (bytes.length === 0) return { kind: "empty" };
  const text = strictText(bytes);
  if (text === null) return recogniseBinary(bytes, undefined, options);
  const trimmed = text.trim();
  if (parseJsonObject(trimmed) !== null) return { kind: "plaintext", form: "json", text: trimmed };
  if (isJson(trimmed)) throw notAnObject("The configuration is");
  const decoded = decodeBase64(stripWhitespace(trimmed));
  if (decoded === null || decoded.length === 0) return recogniseBinary(bytes, undefined, options);
  const inner = strictText(decoded)?.trim();
  if (inner !== undefined && parseJsonObject(inner) !== null)
    return { kind: "plaintext", form: "base64", text: inner };
  if (hasHeader(decoded)) return recogniseEnvelope(decoded);
  return recogniseBinary(bytes, decoded, options);
}

/** @param decoded what the bytes are as base64 text: Go writes Oracle's answer as it comes. */
function recogniseBinary(
  bytes: Uint8Array,
  decoded: Uint8Array | undefined,
  { direct }: RecogniseOptions,
): Recognised {
  if (hasHeader(bytes)) return recogniseEnvelope(bytes);
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

function recogniseEnvelope(bytes: Uint8Array): Recognised {
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
): Recognised {
  const [wrappedKey, nonce, tag, ciphertext] = parts as [Uint8Array, Uint8Array, Uint8Array, Uint8Array];
  return { kind: "envelope", layout, parts: { wrappedKey, nonce, tag, ciphertext }, rest };
}

/** The data key and the nonce were passed in each other's place: nonce and ciphertext stand last. */
function zeroKey(parts: readonly Uint8Array[]): Recognised {
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
