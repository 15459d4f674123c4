/** A configuration given as text, for example in `KSM_CONFIG`, that cannot be written back. */
import { StorageError } from "../errors/errors.ts";
import { optionalValue } from "./config-values.ts";
import { parseConfigText } from "./config-text.ts";
import { holdInMemory } from "./memory-storage.ts";
import type { ConfigStorage } from "./storage.ts";

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
  const description = options.source ?? "configuration text";
  const memory = holdInMemory(description, parseConfigText(text));
  return {
    ...memory,
    checkWritable: async () => {
      if (options.allowInMemory || optionalValue(await memory.load(), "appKey") !== undefined) return;
      throw new StorageError(
        "ERR_KSM_STORAGE_UNWRITABLE",
        `The configuration from ${description} cannot be written back: binding would spend its one-time token for this process only. Bind it in another storage first, or set allowInMemory.`,
      );
    },
  };
}
