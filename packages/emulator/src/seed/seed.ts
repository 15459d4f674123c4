/** The seed: what a vault holds at its start, in the form people write it (architecture contract 3.2). */

/** A record field as stored in the record; other members are kept. */
export interface SeedField {
  /** Field type, for example `login` (ksm-protocol 18.2). */
  readonly type: string;
  readonly label?: string;
  /** Always a list, also for a single value. */
  readonly value: readonly unknown[];
  readonly [member: string]: unknown;
}

/** Fields as a full list, or as a map from type (in `custom`: label) to value or values. */
export type SeedFields = readonly SeedField[] | Readonly<Record<string, unknown>>;

/** A file of a seed record: text as `content`, bytes as `base64`. */
export interface SeedFile {
  readonly uid?: string;
  readonly name: string;
  /** Default: `name`. */
  readonly title?: string;
  /** MIME type. Default: `text/plain` for `content`, `application/octet-stream` for `base64`. */
  readonly type?: string;
  readonly content?: string;
  readonly base64?: string;
  /** Thumbnail image, base64. */
  readonly thumbnail?: string;
}

/** A link of a seed record (ksm-protocol 19). */
export interface SeedLink {
  /** UID or title of a record of the seed. Default with a `path`: the record itself. */
  readonly recordUid?: string;
  /** `meta`, `ai_settings`, `jit_settings`, or absent for a link to another record. */
  readonly path?: string;
  /** Settings. Sealed under the record key for `ai_settings` and `jit_settings`, plain base64 otherwise. */
  readonly data?: Readonly<Record<string, unknown>>;
}

/** A folder of a seed. Without `parent` it is a shared folder of the application. */
export interface SeedFolder {
  readonly uid?: string;
  readonly name: string;
  /** UID or name of another folder. */
  readonly parent?: string;
  /** Shared folders only: the application may not write into it. Default: false. */
  readonly readOnly?: boolean;
}

/** A record of a seed. */
export interface SeedRecord {
  readonly uid?: string;
  /** UID or name of the folder that holds it. Without one the record is shared directly. */
  readonly folder?: string;
  /** UIDs or names of further folders that show the same record. */
  readonly shortcuts?: readonly string[];
  /** Shares the record directly as well. Default: true without `folder`, else false. */
  readonly direct?: boolean;
  /** The direct share does not allow changes. Default: false. */
  readonly readOnly?: boolean;
  /** Record type, for example `login`. */
  readonly type: string;
  readonly title: string;
  readonly notes?: string;
  readonly fields?: SeedFields;
  readonly custom?: SeedFields;
  readonly files?: readonly SeedFile[];
  readonly links?: readonly SeedLink[];
}

/** A whole seed. */
export interface VaultSeed {
  readonly application?: { readonly title?: string };
  readonly folders?: readonly SeedFolder[];
  readonly records?: readonly SeedRecord[];
  /** For the SikkerKey service; kept, not used by the KSM side. */
  readonly sikkerkey?: unknown;
  /** For the Commander service; kept, not used by the KSM side. */
  readonly commander?: unknown;
}
