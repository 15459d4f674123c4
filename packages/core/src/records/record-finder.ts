/** Finds records of a list by uid or title: in one step, however long the list is. */
import { RecordError } from "../errors/errors.ts";
import { isUid } from "../generators/uid.ts";

/** What a {@link RecordFinder} needs to know of a kind of record. */
export interface RecordNames<R> {
  readonly uidOf: (record: R) => string | null | undefined;
  readonly titleOf: (record: R) => string | null | undefined;
}

/** The places of the records of one list: the first by uid, all by title. Each is made at the second look-up. */
interface ListIndex {
  readonly length: number;
  uidLookups: number;
  titleLookups: number;
  byUid: Map<string, number> | undefined;
  byTitle: Map<string, number[]> | undefined;
}

/** Shorter lists are searched: that costs less than their index. */
const minIndexedLength = 8;

const nowhere: readonly number[] = [];

/**
 * Finds records in the lists that reads return. An index lives as long as its list, and is made at the second look-up:
 * one look-up alone costs less by searching. Looking up a uid never opens a lazily fetched record.
 *
 * Lists and records may change. A hit is compared with the record, and a miss is searched for, so that renamed, added,
 * removed and replaced records are found. One change goes unnoticed: a record that is given the title of another one
 * by the program, when that title was indexed before.
 */
export class RecordFinder<R> {
  readonly #names: RecordNames<R>;
  readonly #indexes = new WeakMap<readonly R[], ListIndex>();

  constructor(names: RecordNames<R>) {
    this.#names = names;
  }

  /** The first record with the uid. */
  byUid<T extends R>(records: readonly T[], uid: string): T | undefined {
    return records[this.#uidPlace(records, uid)];
  }

  /** The records with exactly that title, in order. */
  byTitle<T extends R>(records: readonly T[], title: string): T[] {
    return this.#titlePlaces(records, title).flatMap((place) => records[place] ?? []);
  }

  /** The first record whose uid or exact title the text is. */
  first<T extends R>(records: readonly T[], text: string): T | undefined {
    const uidPlace = this.#uidPlace(records, text);
    const isUidKnown = uidPlace >= 0;
    // Nothing comes before the first place, so the titles need not be read. A title that is another's uid is looked up,
    // not searched for: searching would cost every look-up by uid its speed.
    const titlePlaces = uidPlace === 0 ? nowhere : this.#titlePlaces(records, text, { search: !isUidKnown });
    const [titlePlace = records.length] = titlePlaces;
    return records[isUidKnown ? Math.min(uidPlace, titlePlace) : titlePlace];
  }

  #uidPlace(records: readonly R[], uid: string): number {
    const { uidOf } = this.#names;
    const search = (): number => records.findIndex((record) => uidOf(record) === uid);
    const index = this.#indexOf(records);
    if (index === undefined || ++index.uidLookups < 2) return search();
    const place = (index.byUid ??= this.#indexUids(records)).get(uid);
    const record = place === undefined ? undefined : records[place];
    if (place !== undefined && record !== undefined && uidOf(record) === uid) return place;
    // Another record may have taken a place. What is no uid at all is a title, and need not be searched for.
    if (place === undefined && !isUid(uid)) return -1;
    const found = search();
    if (found !== place) this.#indexes.delete(records);
    return found;
  }

  #titlePlaces(records: readonly R[], title: string, onMiss = { search: true }): readonly number[] {
    const { titleOf } = this.#names;
    const has = (place: number): boolean => {
      const record = records[place];
      return record !== undefined && titleOf(record) === title;
    };
    const search = (): number[] => [...records.keys()].filter(has);
    const index = this.#indexOf(records);
    if (index === undefined || ++index.titleLookups < 2) return search();
    const places = (index.byTitle ??= this.#indexTitles(records)).get(title);
    if (places?.every(has)) return places;
    if (places === undefined && !onMiss.search) return nowhere;
    const found = search();
    if (places !== undefined || found.length > 0) this.#indexes.delete(records);
    return found;
  }

  #indexOf(records: readonly R[]): ListIndex | undefined {
    const { length } = records;
    if (length < minIndexedLength) return undefined;
    let index = this.#indexes.get(records);
    if (index?.length !== length) {
      index = { length, uidLookups: 0, titleLookups: 0, byUid: undefined, byTitle: undefined };
      this.#indexes.set(records, index);
    }
    return index;
  }

  #indexUids(records: readonly R[]): Map<string, number> {
    const byUid = new Map<string, number>();
    for (const [place, record] of records.entries()) {
      const uid = this.#names.uidOf(record);
      if (typeof uid === "string" && !byUid.has(uid)) byUid.set(uid, place);
    }
    return byUid;
  }

  #indexTitles(records: readonly R[]): Map<string, number[]> {
    const byTitle = new Map<string, number[]>();
    for (const [place, record] of records.entries()) {
      const title = this.#names.titleOf(record);
      if (typeof title !== "string") continue;
      const same = byTitle.get(title);
      if (same) same.push(place);
      else byTitle.set(title, [place]);
    }
    return byTitle;
  }
}

/** A record as it is looked up. */
interface NamedRecord {
  readonly uid: string;
  readonly title?: string | null | undefined;
}

/** Looks up records of this package, and what notation takes for one. */
export const recordFinder: RecordFinder<NamedRecord> = /* @__PURE__ */ new RecordFinder({
  uidOf: ({ uid }) => uid,
  titleOf,
});

/** The title; none where a lazily fetched record turns out broken, so that it hides no other. */
function titleOf(record: NamedRecord): string | null | undefined {
  try {
    return record.title;
  } catch (error) {
    if (error instanceof RecordError && error.code === "ERR_KSM_RECORD_BROKEN") return undefined;
    throw error;
  }
}
