/** Length-prefixed parts, the frame that every enveloped layout has (kms-storage section 2). */

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
