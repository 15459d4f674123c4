/** The JSON document inside: what a configuration storage shows of it, and what survives a rewrite. */
import { isJsonObject, type JsonObject } from "@ksmkit/common";
import { decodeConfigValues } from "../config/config-values.ts";
import type { ConfigValues } from "../config/storage.ts";
import { SealedError } from "../errors/errors.ts";
import { isJson, notAnObject } from "./detect-layout.ts";

/** A stored document. */
export interface SealedDocument {
  /** The text as it was stored. */
  readonly text: string;
  /** Everything in it. */
  readonly members: JsonObject;
  /** What of it is a configuration. */
  readonly values: ConfigValues;
}

/** The document of a place where nothing is stored. */
export const emptyDocument: SealedDocument = /* @__PURE__ */ readDocument("{}");

/**
 * Reads the text of a document. Members that are objects or arrays are no configuration values: they are not
 * shown, but kept.
 *
 * @throws {@link SealedError} `ERR_KSM_SEALED_BAD_CONTENT`, `_NOT_JSON_OBJECT`
 */
export function readDocument(text: string): SealedDocument {
  if (!isJson(text)) throw new SealedError("ERR_KSM_SEALED_BAD_CONTENT", "Its content is not JSON in UTF-8");
  const members: unknown = JSON.parse(text);
  if (!isJsonObject(members)) throw notAnObject("Its content is");
  const plain = Object.entries(members).filter(([, value]) => typeof value !== "object");
  return { text, members, values: decodeConfigValues(Object.fromEntries(plain)) };
}

/**
 * The document that holds `values` in place of what `previous` shows: sorted, 4 spaces of indent, as the official
 * clients write it. What `previous` does not show stays; a number or flag stays one while its text is the same.
 *
 * @throws {@link ConfigError} `ERR_KSM_CONFIG_INVALID` when `values` are no configuration values
 */
export function nextDocument(previous: SealedDocument, values: ConfigValues): SealedDocument {
  const next = decodeConfigValues(values);
  const hidden = Object.entries(previous.members).filter(([key]) => !Object.hasOwn(previous.values, key));
  const shown = Object.entries(next).map(([key, value]): [string, unknown] => [
    key,
    Object.hasOwn(previous.values, key) && previous.values[key] === value ? previous.members[key] : value,
  ]);
  const members = Object.fromEntries([...hidden, ...shown].sort(([a], [b]) => (a < b ? -1 : Number(a > b))));
  return { text: JSON.stringify(members, null, 4), members, values: next };
}

/** True for a document without members. */
export function isEmptyDocument({ members }: SealedDocument): boolean {
  return Object.keys(members).length === 0;
}
