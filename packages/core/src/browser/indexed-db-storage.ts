/** A device configuration in a browser's IndexedDB. */
import { equalBytes } from "@ksmkit/common";
import { checkExpected, decodeConfigValues, sameConfig } from "../config/config-values.ts";
import type { ConfigStorage, ConfigValues } from "../config/storage.ts";
import { ArgumentError, StorageError } from "../errors/errors.ts";
import { requirePlatform, runTransaction, type Purpose } from "./config-database.ts";
import { isSealedEntry, openEntry, sealEntry, type SealedEntry } from "./sealed-entry.ts";

/** Options of {@link indexedDbStorage}. */
export interface IndexedDbStorageOptions {
  /** Which configuration, when a page has several. Default: `default`. */
  name?: string | undefined;
  /** Name of the database, which should be used for nothing else. Default: `ksmkit`. */
  database?: string | undefined;
  /** Limit for one use of the database in milliseconds, which another tab may block. Default: 10 000. */
  timeoutMs?: number | undefined;
}

/** Tabs that save at the same time take turns; so many lost turns in a row do not happen by chance. */
const maxTurns = 100;
const writing = { purpose: "write", mode: "readwrite" } as const;
/** What {@link ConfigStorage.checkWritable} stores and removes: about as large as a configuration. */
const probe: ConfigValues = { probe: "0".repeat(2048) };

/**
 * Creates a storage over an IndexedDB database. Nothing is touched before the first use.
 *
 * - The configuration is sealed with AES-256-GCM. Its key is a `CryptoKey` that no script can export, kept beside
 *   it and made anew by each save. That keeps the configuration out of exports, backups of site data made by
 *   scripts, and developer tools; it does not keep out a script of the same origin, which can use the key, nor
 *   whoever copies the browser's profile from disk.
 * - A save is one durable transaction: any number of tabs may save at the same time, and each sees the others'
 *   saves as `expected` says.
 * - What cannot be opened is an error, for reading and for saving alike, and is left as it is.
 * - It needs a secure context: `https:` or loopback.
 *
 * Methods throw {@link StorageError} `ERR_KSM_STORAGE_UNREADABLE`, `_UNWRITABLE` (quota, denied, blocked by
 * another tab) or `_CONFLICT`.
 *
 * @throws {@link ArgumentError} `ERR_KSM_ARGUMENT_INVALID` when a name is empty or the limit is no positive number
 * @example
 * ```ts
 * const manager = new SecretsManager({ storage: indexedDbStorage(), token, fetch: throughMyBackend });
 * ```
 */
export function indexedDbStorage(options: IndexedDbStorageOptions = {}): ConfigStorage {
  const { name = "default", database = "ksmkit", timeoutMs = 10_000 } = options;
  for (const [option, text] of Object.entries({ name, database })) {
    if (typeof text !== "string" || text === "")
      throw new ArgumentError(`Option ${option} must be text that is not empty.`);
  }
  if (!(typeof timeoutMs === "number" && timeoutMs > 0))
    throw new ArgumentError("Option timeoutMs must be a number above 0.");
  const description = `IndexedDB ${database}/${name}`;
  const place = { database, description, timeoutMs };
  /** Nonce of what this object stored last, once it has created the entry. */
  let created: Uint8Array | undefined;

  const read = async (purpose: Purpose): Promise<{ entry?: SealedEntry; values: ConfigValues }> => {
    requirePlatform(place, purpose);
    const entry = await runTransaction<unknown>(place, { purpose, mode: "readonly" }, (store, give) => {
      const request = store.get(name);
      request.addEventListener("success", () => give(request.result));
    });
    if (entry === undefined) return { values: decodeConfigValues({}) };
    try {
      if (isSealedEntry(entry)) return { entry, values: await openEntry(name, entry) };
    } catch (cause) {
      throw unreadable(cause);
    }
    throw unreadable();
  };
  const unreadable = (cause?: unknown): StorageError =>
    new StorageError(
      "ERR_KSM_STORAGE_UNREADABLE",
      `What is stored in ${description} is damaged or something else. It is left as it is: remove it and initialize again with a fresh one-time token.`,
      { cause },
    );

  /** Stores `entry`, or with `undefined` nothing, in the place of what has the nonce; returns whether it did. */
  const replace = (nonce: Uint8Array | undefined, entry: SealedEntry | undefined): Promise<boolean> =>
    runTransaction<true>(place, writing, (store, give) => {
      const request = store.get(name);
      request.addEventListener("success", () => {
        const { result } = request as { result: unknown };
        const found = isSealedEntry(result) ? result.nonce : undefined;
        const same = found && nonce ? equalBytes(found, nonce) : result === nonce;
        if (!same) return;
        if (entry === undefined) store.delete(name);
        else store.put(entry, name);
        give(true);
      });
    }).then((done) => done === true);

  return {
    description,
    load: async () => (await read("read")).values,
    save: async (values, saveOptions) => {
      const next = decodeConfigValues(values);
      requirePlatform(place, "write");
      const entry = await sealEntry(name, next);
      for (let turn = 0; turn < maxTurns; turn++) {
        const before = await read("write");
        checkExpected(before.values, saveOptions, description);
        if (!(await replace(before.entry?.nonce, entry))) continue;
        if (before.entry === undefined || created !== undefined) created = entry.nonce;
        return;
      }
      throw new StorageError(
        "ERR_KSM_STORAGE_CONFLICT",
        `The configuration in ${description} keeps being changed by others. Nothing was written; try again.`,
        { retryable: true },
      );
    },
    checkWritable: async () => {
      requirePlatform(place, "write");
      const entry = await sealEntry(name, probe);
      await runTransaction(place, writing, (store) => {
        const key = [name, "probe"];
        store.put(entry, key);
        store.delete(key);
      });
    },
    discard: async (expected) => {
      const stored = expected && (await read("write"));
      const mine = stored && sameConfig(stored.values, expected) ? stored.entry?.nonce : created;
      if (mine === undefined) return;
      // What someone else stored there since is theirs.
      await replace(mine, undefined);
      created = undefined;
    },
  };
}
