/** The little that notation needs to know of a record; the client's record class satisfies it. */

/** A field of a record. Its parts come from decrypted JSON, so nothing is promised about them. */
export interface NotationField {
  readonly type?: unknown;
  readonly label?: unknown;
  /** A list by convention; a lone value counts as a list of one, `null` or nothing as an empty one. */
  readonly value?: unknown;
}

/** A file attached to a record. */
export interface NotationFile {
  readonly uid: string;
  readonly name?: string | null | undefined;
  readonly title?: string | null | undefined;
}

/** A record as notation sees it. What the record lacks is `undefined` or `null`, never `""`. */
export interface NotationRecord {
  readonly uid: string;
  readonly type?: string | null | undefined;
  readonly title?: string | null | undefined;
  readonly notes?: string | null | undefined;
  /** Standard fields. */
  readonly fields?: readonly (NotationField | null)[] | null | undefined;
  /** Fields added by the user. */
  readonly custom?: readonly (NotationField | null)[] | null | undefined;
  readonly files?: readonly NotationFile[] | null | undefined;
}

/** The kind of file that records of type `R` carry. */
export type FileOf<R extends NotationRecord> = NonNullable<R["files"]>[number];
