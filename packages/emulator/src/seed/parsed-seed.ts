/** A seed after validation: every default filled in, every member checked. */
import type { UnknownMember } from "../schema/validate.ts";
import type { SeedField } from "./seed.ts";

/** A file after validation. */
export interface ParsedFile {
  readonly uid: string | undefined;
  readonly name: string;
  readonly title: string;
  readonly type: string;
  readonly content: Uint8Array;
  readonly thumbnail: Uint8Array | undefined;
}

/** A link after validation; `record` is still a UID, a title, or absent for the record itself. */
export interface ParsedLink {
  readonly record: string | undefined;
  readonly path: string | null;
  readonly data: Readonly<Record<string, unknown>> | null;
}

/** A folder after validation. */
export interface ParsedFolder {
  readonly place: string;
  readonly uid: string | undefined;
  readonly name: string;
  readonly parent: string | undefined;
  readonly editable: boolean;
}

/** A record after validation. */
export interface ParsedRecord {
  readonly place: string;
  readonly uid: string | undefined;
  /** UIDs or names. */
  readonly folders: readonly string[];
  readonly direct: boolean;
  readonly editable: boolean;
  /** The record document: `type`, `title`, `notes`, `fields`, `custom`. */
  readonly document: {
    readonly type: string;
    readonly title: string;
    readonly notes?: string;
    readonly fields: readonly SeedField[];
    readonly custom: readonly SeedField[];
  };
  readonly files: readonly ParsedFile[];
  readonly links: readonly ParsedLink[];
}

/** A seed after validation: every default filled in, every member checked. */
export interface ParsedSeed {
  readonly title: string;
  readonly folders: readonly ParsedFolder[];
  readonly records: readonly ParsedRecord[];
  readonly sikkerkey: unknown;
  readonly commander: unknown;
  /** Members that nothing reads, for a warning: probably typing errors. */
  readonly unknown: readonly UnknownMember[];
}
