/** A configuration held in an object of the caller's, and one read from text. */
import { Buffer } from "node:buffer";
import {
  decodeBase64,
  encodeBase64,
  isJsonObject,
  stripWhitespace,
  utf8Text,
  type JsonObject,
} from "@ksmkit/common";
import type { KeyValueStorage } from "../types/platform.ts";

/** Reads and writes one flat object, whatever holds it. @internal */
export interface ValueStore {
  readonly read: () => Promise<JsonObject>;
  /** Changes the object; `change` may run again on a newer one. */
  readonly write: (change: (values: JsonObject) => void) => Promise<void>;
}

/** The storage interface over one object. `/` in a key leads into nested objects. @internal */
export function storageOver({ read, write }: ValueStore): KeyValueStorage {
  const getString = async (key: string): Promise<string | undefined> => {
    const value = valueAt(await read(), key);
    if (value === undefined || value === null || value === "" || value === 0 || value === false)
      return undefined;
    // oxlint-disable-next-line no-base-to-string -- a number becomes its digits, an object what it becomes
    return String(value);
  };
  const save = (key: string, value: string): Promise<void> =>
    write((values) => {
      const path = key.split("/");
      const last = path.pop() ?? key;
      defineValue(parentOf(values, path, true), last, value);
    });
  return {
    getString,
    saveString: save,
    async getBytes(key) {
      const text = await getString(key);
      return text === undefined ? undefined : Buffer.from(text, "base64");
    },
    saveBytes: (key, value) => save(key, encodeBase64(value)),
    delete: (key: string) =>
      write((values) => {
        const path = key.split("/");
        const last = path.pop() ?? key;
        delete parentOf(values, path, false)[last];
      }),
  };
}

/**
 * A storage over an object: the object is what is read and changed, so it can be saved elsewhere.
 *
 * @example
 * ```ts
 * const config: Record<string, string> = {};
 * await initializeStorage(inMemoryStorage(config), token);
 * ```
 */
export const inMemoryStorage = (storage: any): KeyValueStorage =>
  storageOver({
    read: async () => storage,
    write: async (change) => change(storage),
  });

/**
 * A storage over a configuration text, JSON or base64 of JSON. Changes are kept in memory.
 *
 * @throws `SyntaxError` when it is neither; the message does not quote the text
 */
export const loadJsonConfig = (config: string): KeyValueStorage => {
  const decoded = decodeBase64(stripWhitespace(config));
  const text = (decoded === null ? "" : utf8Text(decoded)).trim();
  return inMemoryStorage(parse(text.startsWith("{") && text.endsWith("}") ? text : config));
};

function parse(text: string): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ""));
  } catch {
    // The platform's message quotes what it read, and what it read are keys.
    throw new SyntaxError("The configuration is neither valid JSON nor base64 of it");
  }
}

/** Own members only: a key named `constructor` is data like any other. */
function valueAt(values: JsonObject, key: string): unknown {
  let at: unknown = values;
  for (const part of key.split("/")) {
    if (typeof at === "string" || Array.isArray(at) || isJsonObject(at)) {
      at = Object.hasOwn(Object(at), part) ? (Object(at) as JsonObject)[part] : undefined;
    } else return undefined;
  }
  return at;
}

function parentOf(values: JsonObject, path: readonly string[], create: boolean): JsonObject {
  let at = values;
  for (const part of path) {
    const next = Object.hasOwn(at, part) ? at[part] : undefined;
    if (isJsonObject(next)) at = next;
    else {
      const made: JsonObject = {};
      if (create) defineValue(at, part, made);
      at = made;
    }
  }
  return at;
}

/** Also for `__proto__`, which a plain assignment would take for something else. */
function defineValue(object: JsonObject, key: string, value: unknown): void {
  Object.defineProperty(object, key, { value, writable: true, enumerable: true, configurable: true });
}
