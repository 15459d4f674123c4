/** Opens records in batches: record keys, bodies with their large integers, file keys, file metadata (ksm-protocol section 11.2). */
import { JsonScanner, type JsonObject, decodeBase64, utf8Text } from "@ksmkit/common";
import type { CryptoProvider, SealedItem } from "../crypto/provider.ts";
import { type WireRecord, type WireFile, decodeFile } from "../protocol/wire.ts";
import type { Freshness } from "./freshness.ts";
import { KsmFile } from "./ksm-file.ts";
import { parseContent, type Problem, problem, type ProblemReason } from "./problem.ts";

/** What a number was read as, and how it was written; `null` for several that were read as the same. */
export type ExactNumbers = ReadonlyMap<number, string | null>;

/**
 * Finds the numbers of a record's JSON that JavaScript does not write back as they were: integers beyond 2^53, long
 * fractions, exponents out of range. `undefined` when there are none, which is nearly always.
 *
 * @param json text that has been parsed
 */
export function findExactNumbers(json: string): ExactNumbers | undefined {
  // Spares nearly every record the walk. At most 16 steps for each character.
  if (!/\d{16}|\d[eE]\+?\d{3}/.test(json)) return undefined;
  const literals = new Map<number, string | null>();
  const scanner = new JsonScanner(json);
  while (scanner.next() !== "end") {
    if (scanner.token !== "number" || !isLong(scanner.literal)) continue;
    const token = scanner.literal;
    const value = Number(token);
    const known = literals.get(value);
    literals.set(value, known === undefined || known === token ? token : null);
  }
  const inexact = [...literals].filter(([value, token]) => token !== JSON.stringify(value));
  return inexact.length > 0 ? new Map(inexact) : undefined;
}

/** True for a number that may not be written back as it is: 16 digits, or a large exponent. */
function isLong(literal: string): boolean {
  return literal.length >= 16 || /e\+?\d{3}/i.test(literal);
}

/** One record on its way from the wire to its reader. {@link openRecordStates} fills the later half. */
export interface RecordState {
  readonly wire: WireRecord;
  /** The containing folder, else the record's own `folderUid`, else "". */
  readonly folderUid: string;
  /** Keys that may open the record key, best first. */
  readonly candidates: readonly Uint8Array[];
  readonly crypto: CryptoProvider;
  readonly freshness: Freshness | undefined;
  /** The record key; set before opening when the application key itself is the record key. */
  key: Uint8Array | undefined;
  /** The record JSON; set when the record is open. */
  data: JsonObject | undefined;
  /** Integers of the record JSON that its numbers cannot hold, when there are any. */
  exactNumbers: ExactNumbers | undefined;
  files: KsmFile[] | undefined;
  /** Why the record cannot be opened, when it cannot. */
  broken: Problem | undefined;
  /** The walk that is opening the record right now, where that takes time. */
  opening: Promise<void> | undefined;
  /** Files that were left out. */
  fileProblems: Problem[] | undefined;
}

/** A batch, opened: each result at its item's place, `null` where one does not open. */
export type Opened = readonly (Uint8Array | null)[];

/** A walk that needs sealed values opened, batch by batch. */
export type Opening = Generator<readonly SealedItem[], void, Opened>;

/** Runs a walk with the platform's batches; to its end before returning, where those are synchronous. */
export async function runOpening(opening: Opening, crypto: CryptoProvider): Promise<void> {
  let step = opening.next();
  while (!step.done) {
    const opened = crypto.openAll(step.value);
    step = opening.next(Array.isArray(opened) ? opened : await opened);
  }
}

/** Runs a walk without waiting, where the platform can. */
export function runOpeningSync(opening: Opening, openGcm: NonNullable<CryptoProvider["openGcmSync"]>): void {
  let step = opening.next();
  while (!step.done) step = opening.next(step.value.map((item) => openGcm(item.key, item.blob)));
}

/** Bytes of every symmetric key of the protocol (section 1.1). */
export const keyLength = 32;

const nothing: readonly unknown[] = [];

interface RecordItem extends SealedItem {
  readonly state: RecordState;
}

interface FileItem extends RecordItem {
  readonly wire: WireFile;
}

/** States opened together: large enough for one batch to pay, small enough to stay in the processor's cache. */
const chunkSize = 128;

/** Opens records in batches, joining walks that are under way. Afterwards each is open or broken. */
export async function openStates(states: readonly RecordState[]): Promise<void> {
  for (let at = 0; at < states.length; at += chunkSize) {
    const chunk = states.slice(at, at + chunkSize);
    const closed = chunk.filter((state) => !state.data && !state.broken && !state.opening);
    const [first] = closed;
    if (first) {
      const opening = runOpening(openRecordStates(closed), first.crypto);
      for (const state of closed) state.opening = opening;
      // Awaited whatever state its records are in: a walk may open some of them and fail then.
      await opening;
    }
    for (const state of chunk) if (!state.data && !state.broken) await state.opening;
  }
}

/**
 * Opens records that are neither open nor broken. Every state ends up with `data`, or `broken` with a
 * problem; a broken file is only left out of its record.
 */
export function* openRecordStates(states: readonly RecordState[]): Opening {
  yield* openRecordKeys(states);
  yield* openBodies(states);
  yield* openFiles(states);
  for (const { wire } of states) {
    // What is open needs no sealed copy: it would double the memory that a large vault takes.
    wire.recordKey = wire.data = "";
    wire.files = nothing;
  }
}

/** Unwraps the record keys: the first candidate that authenticates wins. */
function* openRecordKeys(states: readonly RecordState[]): Opening {
  let items: RecordItem[] = [];
  for (const state of states) {
    if (state.key !== undefined) continue;
    const key = state.candidates[0];
    const blob = decodeBase64(state.wire.recordKey);
    if (key && blob) items.push({ key, blob, state });
    else failRecord(state, "key-unreadable");
  }
  for (let next = 1; items.length > 0; next++) {
    const opened = yield items;
    const again: RecordItem[] = [];
    // Keys live as long as their records. One allocation for all of them spares the collector thousands of small ones.
    const store = new Uint8Array(items.length * keyLength);
    let i = 0;
    for (const { blob, state } of items) {
      const unwrapped = opened[i];
      const key = state.candidates[next];
      const at = keyLength * i++;
      if (unwrapped?.length === keyLength) {
        store.set(unwrapped, at);
        state.key = store.subarray(at, at + keyLength);
      } else if (unwrapped) failRecord(state, "key-length");
      else if (key) again.push({ key, blob, state });
      else failRecord(state, "key-unreadable");
    }
    items = again;
  }
}

function* openBodies(states: readonly RecordState[]): Opening {
  const items: RecordItem[] = [];
  for (const state of states) {
    if (state.key === undefined) continue;
    const blob = decodeBase64(state.wire.data);
    if (blob) items.push({ key: state.key, blob, state });
    else failRecord(state, "data-unreadable");
  }
  if (items.length === 0) return;
  const opened = yield items;
  let i = 0;
  for (const { state } of items) {
    const bytes = opened[i++];
    if (!bytes) {
      failRecord(state, "data-unreadable");
      continue;
    }
    const text = utf8Text(bytes);
    const data = parseContent(text);
    if (typeof data === "string") failRecord(state, data);
    else {
      // First, since a record with data can be saved.
      state.exactNumbers = findExactNumbers(text);
      state.data = data;
    }
  }
}

/** Opens the files of the records that are open: their keys, then their metadata. */
function* openFiles(states: readonly RecordState[]): Opening {
  const keys: FileItem[] = [];
  for (const state of states) {
    if (state.data === undefined || state.key === undefined) continue;
    for (const raw of state.wire.files) {
      const wire = decodeFile(raw);
      const blob = wire && decodeBase64(wire.fileKey);
      if (wire?.fileKey && blob) keys.push({ key: state.key, blob, state, wire });
      else failFile(state, wire, wire === null ? "not-an-object" : blob ? "key-missing" : "key-unreadable");
    }
  }
  if (keys.length === 0) return;
  const metadata: FileItem[] = [];
  const openedKeys = yield keys;
  let i = 0;
  for (const { state, wire } of keys) {
    const key = openedKeys[i++];
    const blob = decodeBase64(wire.data);
    if (key?.length === keyLength && blob) metadata.push({ key, blob, state, wire });
    else failFile(state, wire, !key ? "key-unreadable" : blob ? "key-length" : "data-unreadable");
  }
  if (metadata.length === 0) return;
  const opened = yield metadata;
  i = 0;
  for (const { key, state, wire } of metadata) {
    const bytes = opened[i++];
    const data = bytes ? parseContent(utf8Text(bytes)) : "data-unreadable";
    if (typeof data === "string") failFile(state, wire, data);
    else (state.files ??= []).push(new KsmFile(wire, data, key));
  }
}

function failRecord(state: RecordState, reason: ProblemReason): void {
  state.key = undefined;
  state.broken = problem("record", reason, { uid: state.wire.recordUid, folderUid: state.folderUid });
}

function failFile(state: RecordState, wire: WireFile | null, reason: ProblemReason): void {
  const uids = { uid: wire?.fileUid ?? "", recordUid: state.wire.recordUid };
  (state.fileProblems ??= []).push(problem("file", reason, uids));
}
