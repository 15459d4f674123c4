/** Byte values inside a configuration (ksm-protocol section 7.3, vectors `decodeBytesValue`). */
import { decodeBase64, stripWhitespace } from "@ksmkit/common";
import { ConfigError } from "../errors/config-error.ts";

/**
 * Decodes a byte value: base64 of either alphabet, padded or not, with whitespace anywhere.
 *
 * @param key names the value in the error; the value itself is never quoted.
 * @param length number of bytes it must have. Default: any.
 * @throws {@link ConfigError} `ERR_KSM_CONFIG_INVALID`
 */
export function decodeConfigBytes(text: string, key: string, length?: number): Uint8Array<ArrayBuffer> {
  const bytes = decodeBase64(stripWhitespace(text));
  if (bytes !== null && (length === undefined || bytes.length === length)) return bytes;
  throw new ConfigError(
    "ERR_KSM_CONFIG_INVALID",
    `Configuration key '${key}' is not ${bytes ? `${length} bytes long` : "base64"}. Restore the configuration, or initialize again with a fresh one-time token.`,
  );
}
