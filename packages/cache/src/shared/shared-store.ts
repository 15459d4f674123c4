/** What a fleet shares: sealed answers, the right to refresh one, and a count of changes. */

/** One sealed answer in a {@link SharedStore}. */
export interface SharedEntry {
  /** Another one with every publication. */
  readonly version: string;
  /** Milliseconds since it was published, by the store's own clock: the hosts' clocks may differ. */
  readonly ageMs: number;
  /** Count of changes when its refresh began. */
  readonly epoch: number;
  /** The sealed answer; `null` when the version is the known one. */
  readonly bytes: Uint8Array | null;
}

/** What a look finds. */
export interface SharedView {
  readonly entry: SharedEntry | null;
  /** Count of changes that this client's writes have made. */
  readonly epoch: number;
}

/** The right to refresh one answer. */
export interface SharedLease {
  /** Unique; a publication counts only while this is the last lease given (fencing). */
  readonly id: string;
  /** Count of changes when the lease was given. */
  readonly epoch: number;
  /** Version of what is stored now, `null` for nothing: another one than seen means that someone was faster. */
  readonly version: string | null;
}

/** What is published. */
export interface Publication {
  readonly lease: SharedLease;
  readonly version: string;
  readonly bytes: Uint8Array;
  /** Forgotten after that many milliseconds. */
  readonly keepMs: number;
}

/**
 * A place that all replicas reach. `client` and `name` are hashes. Failures are thrown; the cache then asks the
 * service. `sharedStoreConformance` of `@ksmkit/cache/testing` tests an implementation.
 */
export interface SharedStore {
  /** What and where it is, for messages. */
  readonly description: string;
  /** Looks at an answer; its bytes are left out when `known` is its version. */
  look(client: string, name: string, known?: string): Promise<SharedView>;
  /** Takes the lease of an answer for `ms`; `null` while someone else has it. */
  lease(client: string, name: string, id: string, ms: number): Promise<SharedLease | null>;
  /** Stores an answer and ends the lease; false when a later lease was given meanwhile, or all was lost. */
  publish(client: string, name: string, publication: Publication): Promise<boolean>;
  /** Keeps the lease from everybody for `ms` more, 0 to give it back, unless it is another's by now. */
  hold(client: string, name: string, lease: SharedLease, ms: number): Promise<void>;
  /** Counts a change: everything published before is stale. */
  change(client: string): Promise<void>;
  /** Removes everything of a client. */
  purge(client: string): Promise<void>;
}
