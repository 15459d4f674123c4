/** A configuration storage in this process's memory. */
import { parseConfigText } from "./config-text.ts";
import { checkExpected, decodeConfigValues } from "./config-values.ts";
import type { ConfigStorage, ConfigValues } from "./storage.ts";

/**
 * Creates a storage that lives as long as the object. Binding a one-time token into it spends the token:
 * keep what `load()` gives elsewhere (see `formatConfigBase64`) if it is needed again.
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
    discard: async () => {
      if (Object.keys(before).length === 0) current = before;
    },
  };
}
