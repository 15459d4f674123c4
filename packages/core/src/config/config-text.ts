/** A configuration as text: JSON, or base64 of it (ksm-protocol section 7.3, vectors `parseConfig`). */
import { decodeBase64, encodeBase64, stripWhitespace, utf8Bytes } from "@ksmkit/common";
import { ArgumentError, ConfigError } from "../errors/errors.ts";
import { decodeConfigValues } from "./config-values.ts";
import type { ConfigValues } from "./storage.ts";

/** Largest configuration that is read, in bytes or characters. Real ones have about 1 500. */
export const maxConfigSize = 1_048_576;

const utf8 = /* @__PURE__ */ new TextDecoder("utf-8", { fatal: true });

/** Options of {@link parseConfigText}. */
export interface ParseConfigOptions {
  /** Where the text came from, for messages: `KSM_CONFIG`. Default: not named. */
  source?: string | undefined;
}

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
export function parseConfigText(text: string, options: ParseConfigOptions = {}): ConfigValues {
  const { source } = options;
  if (typeof text !== "string") throw invalidText(source, "is not text");
  if (text.length > maxConfigSize) throw invalidText(source, "is larger than 1 MiB");
  const trimmed = text.trim(); // takes a byte order mark along
  if (trimmed === "") throw invalidText(source, "is empty");
  if (trimmed.startsWith("{")) {
    return parseJson(trimmed, () => invalidText(source, "is not valid JSON; it may be cut short"));
  }
  const packed = stripWhitespace(trimmed);
  const damaged = (): ConfigError =>
    invalidText(source, "looks like base64 of JSON, but is cut short or damaged; copy it again as a whole");
  const bytes = decodeBase64(packed);
  if (bytes === null) {
    if (/^[\w+/-]{16,}={0,2}$/.test(packed)) throw damaged();
    throw invalidText(source, "is neither a JSON object nor base64 of one");
  }
  return parseJson(decodeUtf8(bytes, damaged), damaged);
}

/** Reads a configuration from the bytes of a file: UTF-8 of what {@link parseConfigText} accepts. */
export function parseConfigBytes(bytes: Uint8Array): ConfigValues {
  return parseConfigText(decodeUtf8(bytes, () => invalidText(undefined, "is not UTF-8 text")));
}

/** Formats a configuration as indented JSON with a final line break, as stored in files. */
export function formatConfigJson(values: ConfigValues): string {
  return `${JSON.stringify(decodeConfigValues(values), null, 2)}\n`;
}

/** Formats a configuration as base64 of compact JSON: one line, fit for `KSM_CONFIG`. */
export function formatConfigBase64(values: ConfigValues): string {
  return encodeBase64(utf8Bytes(JSON.stringify(decodeConfigValues(values))));
}

/** How a Kubernetes Secret is named. */
export interface ConfigManifestOptions {
  /** Name of the Secret, RFC 1123. Default: `ksm-config`. */
  name?: string | undefined;
  /** Its namespace, RFC 1123. Default: `default`. */
  namespace?: string | undefined;
}

/**
 * Formats a configuration as the manifest of a Kubernetes Secret with the one data key `config`, as the vendor's
 * command line prints it. A pod that maps the key to `KSM_CONFIG` receives the JSON.
 *
 * @throws {@link ArgumentError} `ERR_KSM_ARGUMENT_INVALID` for a name that Kubernetes refuses
 */
export function formatConfigManifest(values: ConfigValues, options: ConfigManifestOptions = {}): string {
  const { name = "ksm-config", namespace = "default" } = options;
  checkObjectName("name", name, /^[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?$/);
  checkObjectName("namespace", namespace, /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/);
  return `apiVersion: v1
data:
  config: ${formatConfigBase64(values)}
kind: Secret
metadata:
  name: ${name}
  namespace: ${namespace}
type: Opaque
`;
}

/** What the pattern lets through cannot change the meaning of the manifest. */
function checkObjectName(option: string, value: unknown, pattern: RegExp): void {
  if (typeof value === "string" && pattern.test(value)) return;
  throw new ArgumentError(
    `Option ${option} must be a Kubernetes name: lowercase letters, digits and hyphens, for example ksm-config.`,
  );
}

function decodeUtf8(bytes: Uint8Array, fault: () => ConfigError): string {
  try {
    return utf8.decode(bytes);
  } catch {
    throw fault();
  }
}

function parseJson(text: string, fault: () => ConfigError): ConfigValues {
  let data: unknown;
  try {
    data = JSON.parse(text);
  } catch {
    throw fault();
  }
  return decodeConfigValues(data);
}

function invalidText(source: string | undefined, fault: string): ConfigError {
  const subject = source === undefined ? "The configuration" : `The configuration from ${source}`;
  return new ConfigError("ERR_KSM_CONFIG_INVALID", `${subject} ${fault}.`);
}
