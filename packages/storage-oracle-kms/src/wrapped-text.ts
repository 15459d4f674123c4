/** The official Go client stores the base64 text that the service answers with; all others store its bytes. */
import { decodeBase64, utf8Text } from "@ksmkit/common";

/** Shortest ciphertext of a data key: initialization vector, 32 bytes, tag. */
const shortest = 60;
const base64Only = /^[A-Za-z0-9+/]+={0,2}$/;

/** The bytes that are meant. That a ciphertext of this length happens to be base64 text will not occur. */
export function unwrapText(wrapped: Uint8Array): Uint8Array {
  if (wrapped.length < shortest || wrapped.length % 4 !== 0 || wrapped.some((byte) => byte > 0x7f))
    return wrapped;
  const text = utf8Text(wrapped);
  return base64Only.test(text) ? (decodeBase64(text) ?? wrapped) : wrapped;
}
