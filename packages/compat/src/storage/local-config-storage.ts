/** A configuration in a file, over core's storage: private, replaced atomically, never taken for empty. */
import type { ConfigStorage } from "@ksmkit/core";
import { StorageError } from "@ksmkit/core";
import { fileStorage } from "@ksmkit/core/node";
import type { KeyValueStorage } from "../types/platform.ts";
import { inMemoryStorage, storageOver } from "./in-memory-storage.ts";

const attempts = 20;

/**
 * A storage in a JSON file. Files of the official SDK are read, and it reads ours. Without a name the
 * configuration is kept in memory only.
 *
 * @example
 * ```ts
 * const storage = localConfigStorage("ksm-config.json");
 * ```
 */
export const localConfigStorage = (configName?: string): KeyValueStorage => {
  if (!configName) return inMemoryStorage({});
  const file = fileStorage({ path: configName });
  return storageOver({
    read: async () => ({ ...(await file.load()) }),
    write: (change) => update(file, change),
  });
};

/** One change on top of whatever is stored by then: others may write to the file, too. */
async function update(file: ConfigStorage, change: (values: Record<string, unknown>) => void): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    const current = await file.load();
    const next: Record<string, unknown> = { ...current };
    change(next);
    try {
      return await file.save(next as Record<string, string>, { expected: current });
    } catch (error) {
      const conflict = error instanceof StorageError && error.code === "ERR_KSM_STORAGE_CONFLICT";
      if (!conflict || attempt === attempts) throw error;
    }
  }
}
