/** A configuration as text: JSON, or base64 of it (ksm-protocol section 7.3, vectors `parseConfig`). */
import { decodeBase64, encodeBase64, stripWhitespace, utf8Bytes } from "@ksmkit/common";
import { ConfigError } from "../errors/errors.ts";
import { decodeConfigValues } from "./config-values.ts";
import type { ConfigValues } from "./storage.ts";

/** Largest configuration that is read, in bytes or characters. Real ones have about 1 500. */
export const maxConfigSize = 1_048_576;

const utf8 = /* @__PURE__ */ new TextDecoder("utf-8", { fatal: true });

/**
 * Reads a configuration text: a JSON object, or base64 (either alphabet, padding optional, whitespace
 * anywhere) of one. One layer of base64 only.
 *
 * The content never appears in an error: the JSON parser's own message would quote it.
 *
 * @throws {@link ConfigError} `ERR_KSM_CONFIG_INVALID`; also above 1 MiB
 * @example
 * ```ts
 * parseConfigText('{"hostname":"keepersecurity.eu"}').hostname; // "keepersecurity.eu"
 * ```
 */
export function parseConfigText(text: string): ConfigValues {
  if (typeof text !== "string")
    throw new ConfigError("ERR_KSM_CONFIG_INVALID", "The configuration is not text.");
  if (text.length > maxConfigSize)
    throw new ConfigError("ERR_KSM_CONFIG_INVALID", "The configuration is larger than 1 MiB.");
  const trimmed = text.trim(); // takes a byte order mark along
  if (trimmed === "") throw new ConfigError("ERR_KSM_CONFIG_INVALID", "The configuration is empty.");
  if (trimmed.startsWith("{")) return parseJson(trimmed);
  const bytes = decodeBase64(stripWhitespace(trimmed));
  if (bytes === null)
    throw new ConfigError(
      "ERR_KSM_CONFIG_INVALID",
      "The configuration is neither a JSON object nor base64 of one.",
    );
  return parseJson(decodeUtf8(bytes));
}

/** Reads a configuration from the bytes of a file: UTF-8 of what {@link parseConfigText} accepts. */
export function parseConfigBytes(bytes: Uint8Array): ConfigValues {
  return parseConfigText(decodeUtf8(bytes));
}

/** Formats a configuration as indented JSON with a final line break, as stored in files. */
export function formatConfigJson(values: ConfigValues): string {
  return `${JSON.stringify(decodeConfigValues(values), null, 2)}\n`;
}

/** Formats a configuration as base64 of compact JSON: one line, fit for `KSM_CONFIG`. */
export function formatConfigBase64(values: ConfigValues): string {
  return encodeBase64(utf8Bytes(JSON.stringify(decodeConfigValues(values))));
}

function decodeUtf8(bytes: Uint8Array): string {
  try {
    return utf8.decode(bytes);
  } catch {
    throw new ConfigError("ERR_KSM_CONFIG_INVALID", "The configuration is not UTF-8 text.");
  }
}

function parseJson(text: string): ConfigValues {
  let data: unknown;
  try {
    data = JSON.parse(text);
  } catch {
    throw new ConfigError("ERR_KSM_CONFIG_INVALID", "The configuration is not valid JSON.");
  }
  return decodeConfigValues(data);
}
