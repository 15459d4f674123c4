/** Base64 without Node: table driven, so that it is the same in every browser and worker. */

const standard = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const urlSafeAlphabet = `${standard.slice(0, 62)}-_`;
const values = /* @__PURE__ */ valueTable();

function valueTable(): Int8Array {
  const table = new Int8Array(128).fill(-1);
  for (let value = 0; value < 64; value++) {
    table[standard.charCodeAt(value)] = value;
    table[urlSafeAlphabet.charCodeAt(value)] = value;
  }
  return table;
}

/** Decodes the first `length` characters (no padding among them); `null` on any foreign character. */
export function decodeBase64Alphabet(text: string, length: number): Uint8Array<ArrayBuffer> | null {
  const bytes = new Uint8Array(Math.floor((length * 3) / 4));
  let bits = 0;
  let held = 0;
  let at = 0;
  for (let i = 0; i < length; i++) {
    const value = values[text.charCodeAt(i)] ?? -1;
    if (value < 0) return null;
    bits = ((bits << 6) | value) & 0xffffff;
    held += 6;
    if (held >= 8) {
      held -= 8;
      bytes[at++] = bits >> held;
    }
  }
  return bytes;
}

/** Encodes with the standard padded or the URL-safe unpadded alphabet. */
export function encodeBase64Alphabet(bytes: Uint8Array, urlSafe: boolean): string {
  const alphabet = urlSafe ? urlSafeAlphabet : standard;
  let text = "";
  for (let i = 0; i < bytes.length; i += 3) {
    const left = bytes.length - i;
    const group = ((bytes[i] ?? 0) << 16) | ((bytes[i + 1] ?? 0) << 8) | (bytes[i + 2] ?? 0);
    text += alphabet.charAt(group >> 18) + alphabet.charAt((group >> 12) & 63);
    if (left > 1) text += alphabet.charAt((group >> 6) & 63);
    if (left > 2) text += alphabet.charAt(group & 63);
    if (!urlSafe && left < 3) text += left === 2 ? "=" : "==";
  }
  return text;
}
