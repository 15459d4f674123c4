/** Records of one answer, found by uid or title in a step, however many references ask for them. */
import { RecordError } from "../../errors/errors.ts";
import { selectRecord } from "../../notation/select-record.ts";
import type { KsmRecord } from "../../records/ksm-record.ts";
import type { Problem } from "../../records/problem.ts";
import type { RecordToken, Target } from "./parse-reference.ts";

interface Answer {
  readonly records: readonly KsmRecord[];
  readonly problems: readonly Problem[];
}

/** The records of one answer, and what could not be opened of it. */
export class RecordIndex {
  readonly #records: readonly KsmRecord[];
  readonly #byUid = new Map<string, KsmRecord>();
  readonly #broken = new Map<string, Problem>();
  #byTitle: Map<string, KsmRecord[]> | undefined;

  /** Takes open records, each once. Default: none. */
  constructor(answer: Answer = { records: [], problems: [] }) {
    this.#records = answer.records;
    for (const record of answer.records) this.#byUid.set(record.uid, record);
    for (const problem of answer.problems) {
      if (problem.kind === "record") this.#broken.set(problem.uid ?? "", problem);
    }
  }

  /** True when the answer tells about the record, be it that it is broken. */
  knows(uid: string): boolean {
    return this.#byUid.has(uid) || this.#broken.has(uid);
  }

  /**
   * Finds the one record that a reference means.
   *
   * @throws {@link RecordError} `ERR_KSM_RECORD_NOT_FOUND`, `…_AMBIGUOUS`, `…_BROKEN`; for a notation
   *   `NotationError` `ERR_KSM_NOTATION_RECORD_NOT_FOUND`, `…_AMBIGUOUS`
   */
  find(target: Target): KsmRecord {
    const { text: token, by } = target.record;
    const found = by === "title" ? undefined : this.#byUid.get(token);
    if (found) return found;
    const broken = by === "title" ? undefined : this.#broken.get(token);
    if (broken) throw recordError("BROKEN", broken.message, token);
    const titled = by === "uid" ? [] : this.#titled(token);
    // The notation's own search, on the records that have a chance, tells what is missing in its words.
    if (target.kind === "notation") return selectRecord(titled, target.notation);
    const [record, ...others] = titled;
    if (record === undefined)
      throw recordError("NOT_FOUND", this.#missing(target.record), by === "uid" ? token : undefined);
    if (others.length === 0) return record;
    throw recordError("AMBIGUOUS", `${titled.length} records have the title "${token}"; name it by its uid.`);
  }

  #titled(title: string): readonly KsmRecord[] {
    if (this.#byTitle === undefined) {
      this.#byTitle = new Map();
      for (const record of this.#records) {
        const key = record.title;
        if (key === undefined) continue;
        const same = this.#byTitle.get(key);
        if (same) same.push(record);
        else this.#byTitle.set(key, [record]);
      }
    }
    return this.#byTitle.get(title) ?? [];
  }

  #missing({ text, by }: RecordToken): string {
    if (by === "uid") return `No record ${text} is shared to this application.`;
    const closed = this.#broken.size;
    const hint =
      closed > 0 ? ` ${closed} of the records could not be opened, so their titles are unknown.` : "";
    return `No record has the ${by === "title" ? "" : "uid or "}title "${text}".${hint}`;
  }
}

function recordError(
  what: "NOT_FOUND" | "AMBIGUOUS" | "BROKEN",
  message: string,
  recordUid?: string,
): RecordError {
  return new RecordError(`ERR_KSM_RECORD_${what}`, message, { recordUid });
}
