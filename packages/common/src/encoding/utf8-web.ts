/** UTF-8 over the encoding standard's TextDecoder. */

const decoder = /* @__PURE__ */ new TextDecoder("utf-8", { ignoreBOM: true });

/** Decodes UTF-8; a byte that is not UTF-8 becomes U+FFFD. A byte order mark is kept. */
export function utf8Text(bytes: Uint8Array): string {
  return decoder.decode(bytes);
}
