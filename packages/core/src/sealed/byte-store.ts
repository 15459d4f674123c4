/** Where the bytes of a sealed configuration are stored: a file, the secret store of a cloud, a variable. */

/** Bytes as they were read. */
export interface StoredBytes {
  /** Everything that is stored. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** The store's own mark of this version (ETag, version id, `resourceVersion`), when it has one. */
  readonly version?: string | undefined;
}

/** The conditions of a {@link ByteStore.write}. */
export interface ByteWrite {
  /** What was read before; `null` when nothing was stored. */
  readonly seen: StoredBytes | null;
  /** Whether the bytes are a configuration in the clear, which only the owner may read. */
  readonly plaintext: boolean;
  /** True when a copy of what is replaced may be kept; false when older copies must go as well. */
  readonly keepSeen: boolean;
  /** True when older copies may stay although what is replaced must not be kept. Default: as `keepSeen`. */
  readonly keepOlder?: boolean | undefined;
}

/**
 * A place for some kilobytes, replaced as a whole. Two methods suffice; without `write` it is read-only.
 *
 * A storage reads immediately before it writes. A store that many processes write to should in addition
 * compare: when something other than `seen` is stored (by version, or byte for byte), throw `StorageError`
 * `ERR_KSM_STORAGE_CONFLICT` and change nothing. A store that cannot compare leaves a window of one request in
 * which the last writer wins.
 *
 * Implementations pass `byteStoreConformance` of `@ksmkit/core/testing`.
 *
 * @example
 * ```ts
 * const store: ByteStore = {
 *   description: "secret ksm/device",
 *   read: async () => {
 *     const found = await secrets.get("ksm/device");
 *     return found && { bytes: found.data, version: found.etag };
 *   },
 *   write: async (bytes, { seen }) => {
 *     await secrets.put("ksm/device", bytes, { ifMatch: seen?.version });
 *   },
 * };
 * ```
 */
export interface ByteStore {
  /** What and where it is, for messages: `file /etc/app/ksm.bin`, `secret ksm/device`. */
  readonly description: string;
  /** What to do when the content is damaged, as a sentence without its full stop. Default: restore a backup. */
  readonly recovery?: string | undefined;
  /** What is stored; `null` when nothing is. */
  read(): Promise<StoredBytes | null>;
  /** Replaces everything as a whole; `null` removes it. */
  write?(bytes: Uint8Array | null, write: ByteWrite): Promise<void>;
  /**
   * The generation before, where it is kept; `null` when it is not. If it is sealed, a configuration in the clear has
   * replaced a sealed one. Default: nothing is kept.
   */
  readPrevious?(): Promise<StoredBytes | null>;
  /**
   * Removes what is stored, readable or not, and what is kept of it; nothing there is fine. Default: `read`, then
   * `write` of `null`.
   */
  remove?(): Promise<void>;
  /** Checks that {@link write} will work, without changing anything. Default: no check. */
  checkWritable?(): Promise<void>;
}
