import { describe, expect, it } from "vitest";
import { RecordFinder } from "../../src/records/record-finder.ts";
import { parseNotation, selectFirstRecord, selectRecord } from "../../src/notation/index.ts";
import { RecordError } from "../../src/errors/errors.ts";

interface Entry {
  uid: string;
  title?: string | undefined;
}

const uidOf = (at: number): string => `uid-${at}`.padEnd(22, "_");
const listOf = (length: number): Entry[] =>
  Array.from({ length }, (_, at) => ({ uid: uidOf(at), title: `Title ${at}` }));

/** A finder that counts how many records it looks at. */
function countingFinder(): { finder: RecordFinder<Entry>; looks: { uids: number; titles: number } } {
  const looks = { uids: 0, titles: 0 };
  const finder = new RecordFinder<Entry>({
    uidOf: ({ uid }) => (looks.uids++, uid),
    titleOf: ({ title }) => (looks.titles++, title),
  });
  return { finder, looks };
}

describe("RecordFinder", () => {
  it("looks at one record for each look-up after the second, however long the list is", () => {
    const { finder, looks } = countingFinder();
    const records = listOf(10_000);
    for (let at = 0; at < 2; at++) {
      finder.byUid(records, uidOf(9_000));
      finder.byTitle(records, "Title 9000");
      finder.first(records, "Title 9000");
    }
    looks.uids = looks.titles = 0;
    for (let at = 0; at < 1_000; at++) {
      expect(finder.byUid(records, uidOf(at))).toBe(records[at]);
      expect(finder.byTitle(records, `Title ${at}`)).toEqual([records[at]]);
      expect(finder.first(records, `Title ${at}`)).toBe(records[at]);
    }
    expect(looks).toEqual({ uids: 1_000, titles: 2_000 });
  });

  it("reads no title to find a uid", () => {
    const { finder, looks } = countingFinder();
    const records = listOf(1_000);
    for (let at = 0; at < 20; at++) finder.byUid(records, uidOf(at));
    expect(finder.byUid(records, uidOf(5_000))).toBeUndefined();
    expect(looks.titles).toBe(0);
  });

  it.each([3, 100])("answers as a search does, in a list of %i, whatever is done to it", (length) => {
    const { finder } = countingFinder();
    const records = listOf(length);
    const check = (): void => {
      const texts = [...records.flatMap(({ uid, title = "" }) => [uid, title]), "nowhere", uidOf(7_777)];
      for (const text of [...texts, ...texts, ...texts]) {
        expect(finder.byUid(records, text)).toBe(records.find(({ uid }) => uid === text));
        expect(finder.byTitle(records, text)).toEqual(records.filter(({ title }) => title === text));
        expect(finder.first(records, text)).toBe(
          records.find(({ uid, title }) => uid === text || title === text),
        );
      }
    };
    check();
    const [first, second] = records;
    if (!first || !second) throw new RangeError("the list is too short");
    first.title = "renamed";
    check();
    second.title = undefined;
    check();
    records.push({ uid: uidOf(8_000), title: "added" });
    check();
    records.shift();
    check();
    records.reverse();
    check();
    records[0] = { uid: uidOf(8_001), title: "replaced" };
    check();
    records.push({ uid: uidOf(8_002), title: "twice" }, { uid: uidOf(8_003), title: "twice" });
    check();
    records.push({ uid: uidOf(8_004), title: uidOf(8_003) }, { uid: uidOf(8_003), title: "another copy" });
    check();
    records.length = 0;
    check();
  });

  it("keeps lists apart", () => {
    const { finder } = countingFinder();
    const lists = [listOf(50), listOf(50)];
    for (let at = 0; at < 3; at++) {
      for (const list of lists) expect(finder.byUid(list, uidOf(40))).toBe(list[40]);
    }
  });
});

describe("notation over records at hand", () => {
  const token = (text: string) => parseNotation(`${text}/type`);

  it("passes over broken records, whose titles nobody can read, time and again", () => {
    const broken = {
      uid: uidOf(0),
      get title(): string {
        throw new RecordError("ERR_KSM_RECORD_BROKEN", "it does not open");
      },
    };
    const records = [broken, ...listOf(20).slice(1)];
    for (let at = 0; at < 3; at++) {
      expect(selectRecord(records, token("Title 9"))).toBe(records[9]);
      expect(selectFirstRecord(records, token("Title 9"))).toBe(records[9]);
      expect(selectRecord(records, token(uidOf(0)))).toBe(broken);
    }
  });

  it("counts the copies of one record once, and notices a second record of the title", () => {
    const copies = [...listOf(20), { uid: uidOf(3), title: "Title 3" }];
    for (let at = 0; at < 3; at++) expect(selectRecord(copies, token("Title 3"))).toBe(copies[3]);
    copies.push({ uid: uidOf(30), title: "Title 3" });
    for (let at = 0; at < 3; at++)
      expect(() => selectRecord(copies, token("Title 3"))).toThrow(
        expect.objectContaining({ code: "ERR_KSM_NOTATION_RECORD_AMBIGUOUS" }),
      );
  });
});
