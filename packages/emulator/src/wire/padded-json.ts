/** JSON documents as they are sealed: padded so that the ciphertext length tells little (ksm-protocol 10.1). */
import { utf8Bytes } from "@ksmkit/common";

/** JSON padded with spaces to a multiple of 16 bytes, at least 384, as the vendor's vault clients do. */
export function paddedJson(value: unknown): Uint8Array<ArrayBuffer> {
  const bytes = utf8Bytes(JSON.stringify(value));
  const padded = new Uint8Array(Math.max(384, Math.ceil(bytes.length / 16) * 16)).fill(0x20);
  padded.set(bytes);
  return padded;
}
