/** A sealed configuration given as text, for example in a variable. */
import { utf8Bytes } from "@ksmkit/common";
import type { ByteStore } from "./byte-store.ts";

/** Options of {@link textStore}. */
export interface TextStoreOptions {
  /** Where the text came from, for messages. Default: `sealed configuration text`. */
  source?: string | undefined;
}

/**
 * Creates a read-only store over a text: base64 of a sealed configuration, or a configuration in the clear. What a
 * client saves over it stays in memory; binding is refused unless `allowInMemory` is set.
 *
 * @example
 * ```ts
 * const store = textStore(process.env["KSM_CONFIG"] ?? "", { source: "KSM_CONFIG" });
 * ```
 */
export function textStore(text: string, options: TextStoreOptions = {}): ByteStore {
  const bytes = utf8Bytes(text);
  return {
    description: options.source ?? "sealed configuration text",
    read: async () => (bytes.length === 0 ? null : { bytes }),
  };
}
