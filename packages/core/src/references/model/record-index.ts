/** The records of one answer, found by what references call them. */
import { printable } from "@ksmkit/common";
import { RecordError } from "../../errors/errors.ts";
import { selectRecord } from "../../notation/select.ts";
import type { KsmRecord } from "../../records/ksm-record.ts";
import type { ReadRecords } from "../../records/pick-record.ts";
import type { Problem } from "../../records/problem.ts";
import { recordFinder } from "../../records/record-finder.ts";
import type { RecordToken, Target } from "./parse-reference.ts";

/** The records of one answer, and what could not be opened of it. */
export class RecordIndex {
  readonly #records: readonly KsmRecord[];
  readonly #broken: ReadonlyMap<string, Problem>;

  /** Takes open records, each once. Default: none. */
  constructor({ records, problems }: ReadRecords = { records: [], problems: [] }) {
    this.#records = records;
    const broken = problems.filter(({ kind }) => kind === "record");
    this.#broken = new Map(broken.map((problem) => [problem.uid ?? "", problem]));
  }

  /** True when the record is in the answer, readable or broken. */
  knows(uid: string): boolean {
    return this.#broken.has(uid) || recordFinder.byUid(this.#records, uid) !== undefined;
  }

  /**
   * Finds the one record that a reference means.
   *
   * @throws {@link RecordError} `ERR_KSM_RECORD_NOT_FOUND`, `…_AMBIGUOUS`, `…_BROKEN`; for a notation
   *   `NotationError` `ERR_KSM_NOTATION_RECORD_NOT_FOUND`, `…_AMBIGUOUS`
   */
  find(target: Target): KsmRecord {
    const { text: token, by } = target.record;
    const found = by === "title" ? undefined : recordFinder.byUid(this.#records, token);
    if (found) return found;
    const broken = by === "title" ? undefined : this.#broken.get(token);
    if (broken) throw recordError("BROKEN", broken.message, token);
    const titled = by === "uid" ? [] : recordFinder.byTitle(this.#records, token);
    // A notation has error codes of its own for what is missing or ambiguous.
    if (target.kind === "notation") return selectRecord(titled, target.notation);
    const [record, ...others] = titled;
    if (record === undefined)
      throw recordError("NOT_FOUND", this.#missing(target.record), by === "uid" ? token : undefined);
    if (others.length === 0) return record;
    const message = `${titled.length} records have the title "${printable(token)}"; name it by its uid.`;
    throw recordError("AMBIGUOUS", message);
  }

  #missing({ text, by }: RecordToken): string {
    if (by === "uid") return `No record ${text} is shared to this application.`;
    const closed = this.#broken.size;
    const hint =
      closed > 0 ? ` ${closed} of the records could not be opened, so their titles are unknown.` : "";
    return `No record has the ${by === "title" ? "" : "uid or "}title "${printable(text)}".${hint}`;
  }
}

function recordError(
  what: "NOT_FOUND" | "AMBIGUOUS" | "BROKEN",
  message: string,
  recordUid?: string,
): RecordError {
  return new RecordError(`ERR_KSM_RECORD_${what}`, message, { recordUid });
}
