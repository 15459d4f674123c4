/**
 * Where a device configuration lives. A storage holds one flat object of texts (ksm-protocol section 7.1)
 * and replaces it as a whole, so that no reader ever sees half a transition.
 */

/** The configuration as stored: key to text. Unknown keys are kept. */
export type ConfigValues = Readonly<Record<string, string>>;

/** Options of {@link ConfigStorage.save}. */
export interface SaveOptions {
  /**
   * What the caller believes is stored now. When something else is, the save is refused with
   * `ERR_KSM_STORAGE_CONFLICT` and nothing is written.
   */
  expected?: ConfigValues | undefined;
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
  /** Removes what this object itself created. A storage that held values before is left as it is. */
  discard(): Promise<void>;
}
