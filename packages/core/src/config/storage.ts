/**
 * Where a device configuration lives: the interface, and the storages in memory and over a text. A storage holds
 * one flat object of texts (ksm-protocol section 7.1) and replaces it as a whole, so that no reader ever sees half
 * a transition.
 */
import { requireOptions } from "../errors/require-options.ts";
import { flagOption, textOption } from "@ksmkit/common";
import { parseConfigText } from "./config-text.ts";
import { checkExpected, decodeConfigValues, optionalValue, sameConfig } from "./config-values.ts";
import { StorageError } from "../errors/errors.ts";

/** The configuration as stored: key to text. Unknown keys are kept. */
export type ConfigValues = Readonly<Record<string, string>>;

/** Options of {@link ConfigStorage.save}. */
export interface SaveOptions {
  /**
   * What the caller believes is stored now. When something else is, the save is refused with
   * `ERR_KSM_STORAGE_CONFLICT` and nothing is written.
   */
  expected?: ConfigValues | undefined;
  /**
   * Keeps what is replaced beside the new configuration, where the storage has a place for it: a file as
   * `<path>.bak`. Default: false.
   */
  keepPrevious?: boolean | undefined;
}

/** A place for one device configuration. Implementations pass the suite in `@ksmkit/core/testing`. */
export interface ConfigStorage {
  /** What and where it is, for messages: `file /etc/app/ksm.json`, `memory`. No content. */
  readonly description: string;
  /** The stored values; an empty object when nothing is stored yet. Unreadable content throws `StorageError`, never `{}`. */
  load(): Promise<ConfigValues>;
  /** Replaces everything, atomically: a crash leaves the old or the new values. */
  save(values: ConfigValues, options?: SaveOptions): Promise<void>;
  /** Proves that {@link save} will work, before a one-time token is spent on it. Changes nothing. */
  checkWritable(): Promise<void>;
  /**
   * Removes what this object itself created. A storage that held values before is left as it is.
   *
   * @param expected when the storage holds exactly these values they are removed as well, whoever wrote them
   */
  discard(expected?: ConfigValues): Promise<void>;
}

/**
 * Creates a storage that lives as long as the object. Binding a one-time token into it spends the token:
 * keep what `load()` returns elsewhere (see `formatConfigBase64`) if it is needed again.
 *
 * @param initial values, or a configuration text (JSON or base64). Default: nothing stored.
 * @throws {@link ConfigError} `ERR_KSM_CONFIG_INVALID` when `initial` is malformed
 * @example
 * ```ts
 * const storage = memoryStorage('{"hostname":"keepersecurity.eu","clientId":"…","privateKey":"…","appKey":"…"}');
 * ```
 */
export function memoryStorage(initial: string | ConfigValues = {}): ConfigStorage {
  return holdInMemory("memory", typeof initial === "string" ? parseConfigText(initial) : initial);
}

/** {@link memoryStorage} under another description. @internal */
export function holdInMemory(description: string, initial: ConfigValues): ConfigStorage {
  const before = decodeConfigValues(initial);
  // Kept in the closure: neither an inspector nor JSON.stringify shows it.
  let current = before;
  return {
    description,
    load: async () => current,
    save: async (values, options) => {
      const next = decodeConfigValues(values);
      checkExpected(current, options, description);
      current = next;
    },
    checkWritable: async () => {},
    discard: async (expected) => {
      if (expected !== undefined && sameConfig(current, expected)) current = decodeConfigValues({});
      else if (Object.keys(before).length === 0) current = before;
    },
  };
}

/** Options of {@link textStorage}. */
export interface TextStorageOptions {
  /** Where the text came from, for messages. Default: `configuration text`. */
  source?: string | undefined;
  /**
   * Lets a configuration without application key be bound although the result is lost with the process
   * and the one-time token is spent. Default: false.
   */
  allowInMemory?: boolean | undefined;
}

/**
 * Creates a storage over a configuration text (JSON or base64). The text stays what it is; what a client
 * saves is kept in memory only:
 *
 * - A *bound* configuration works fully. A server key id learned on the way is learned again by the next
 *   process, at the price of one more round trip.
 * - One that is only *initialized* is refused by `checkWritable`, which clients ask before they spend a
 *   one-time token: the bound state would be lost and the token with it.
 *
 * @throws {@link ConfigError} `ERR_KSM_CONFIG_INVALID` when the text is malformed
 */
export function textStorage(text: string, options: TextStorageOptions = {}): ConfigStorage {
  requireOptions(options, { source: textOption, allowInMemory: flagOption }, "textStorage");
  const description = options.source ?? "configuration text";
  const memory = holdInMemory(description, parseConfigText(text, { source: options.source }));
  return {
    ...memory,
    // The text stays what it is, so that there is nothing to remove.
    discard: () => memory.discard(),
    checkWritable: async () => {
      if (options.allowInMemory || optionalValue(await memory.load(), "appKey") !== undefined) return;
      throw new StorageError(
        "ERR_KSM_STORAGE_UNWRITABLE",
        `The configuration from ${description} cannot be written back: binding would spend its one-time token for this process only. Bind it in another storage first, or set allowInMemory.`,
      );
    },
  };
}
