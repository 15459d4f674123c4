/** What a fleet shares: sealed responses, leases to refresh them, and a count of changes. */

/** One sealed response in a {@link SharedStore}. */
export interface SharedEntry {
  /** New with every publication. */
  readonly version: string;
  /** Milliseconds since it was published, by the store's own clock: the hosts' clocks may differ. */
  readonly ageMs: number;
  /** Count of changes when its refresh began. */
  readonly epoch: number;
  /** The sealed response; `null` when the version is the known one. */
  readonly bytes: Uint8Array | null;
}

/** What {@link SharedStore.look} returns. */
export interface SharedView {
  readonly entry: SharedEntry | null;
  /** Count of changes that this client's writes have made. */
  readonly epoch: number;
}

/** The right to refresh one response. */
export interface SharedLease {
  /** Unique; a publication counts only while this is the last lease (fencing). */
  readonly id: string;
  /** Count of changes when the lease was taken. */
  readonly epoch: number;
  /** Version of what is stored now, `null` for nothing: another one than seen means that another replica was faster. */
  readonly version: string | null;
}

/** What is published. */
export interface Publication {
  readonly lease: SharedLease;
  readonly version: string;
  readonly bytes: Uint8Array;
  /** Removed after that many milliseconds. */
  readonly keepMs: number;
}

/**
 * A place that all replicas reach. `client` and `name` are hashes. Failures are thrown; the cache then asks the
 * service. `sharedStoreConformance` of `@ksmkit/cache/testing` tests an implementation.
 */
export interface SharedStore {
  /** What and where it is, for messages. */
  readonly description: string;
  /** Reads a response; its bytes are left out when `known` is its version. */
  look(client: string, name: string, known?: string): Promise<SharedView>;
  /** Takes the lease of a response for `ms` milliseconds; `null` while another replica has it. */
  lease(client: string, name: string, id: string, ms: number): Promise<SharedLease | null>;
  /** Stores a response and ends the lease; false when a later lease was taken meanwhile, or all was lost. */
  publish(client: string, name: string, publication: Publication): Promise<boolean>;
  /** Keeps the lease for `ms` milliseconds more, so that no replica has it; 0 releases it. Without effect on the lease of another. */
  hold(client: string, name: string, lease: SharedLease, ms: number): Promise<void>;
  /** Counts a change: everything published before is stale. */
  change(client: string): Promise<void>;
  /** Removes everything of a client. */
  purge(client: string): Promise<void>;
}
