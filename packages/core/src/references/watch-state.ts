/** What one watch knows: the last good value of every reference, what is wrong now, and what was not reported yet. */
import type { WaitOptions } from "@ksmkit/common";
import { KeeperError, type ReferenceProblem } from "../errors/errors.ts";
import type { Freshness } from "../records/freshness.ts";
import type { KsmFile } from "../records/ksm-file.ts";
import { KsmRecord } from "../records/ksm-record.ts";
import { pickValue } from "./model/pick-value.ts";
import { formatValue, redactedObject, type ValueOptions, valueText } from "./model/format-value.ts";
import type { Target } from "./model/parse-reference.ts";
import {
  downloadAll,
  tryOrError,
  problemOf,
  type RecordsRead,
  type ReferenceSource,
} from "./read-references.ts";

/** An update of a watch, without the types of its references. */
export interface UntypedUpdate {
  readonly values: Record<string, unknown> | undefined;
  readonly changed: readonly string[];
  readonly problems: readonly ReferenceProblem[];
  readonly error: KeeperError | undefined;
  readonly freshness: Freshness | undefined;
}

interface LastGood {
  readonly value: unknown;
  /** The record, and its revision, that the value was taken from. */
  readonly recordUid: string;
  readonly revision: number;
  /** Uid of the file that the value is the content of. */
  readonly fileUid: string | undefined;
}

/** A file whose content a reference waits for. */
interface WantedFile {
  readonly file: KsmFile;
  readonly record: KsmRecord;
}

/** Follows the references of one watch from poll to poll. */
export class WatchState {
  readonly #source: ReferenceSource;
  readonly #targets: ReadonlyMap<string, Target>;
  readonly #options: ValueOptions;
  readonly #last = new Map<string, LastGood>();
  readonly #pending = new Set<string>();
  /** What the newest read wants downloaded, by reference. */
  readonly #wanted = new Map<string, WantedFile>();
  /** Other values of those records, by reference: a new password does not come beside an old key. */
  readonly #held = new Map<string, LastGood>();
  readonly #faults = new Map<string, KeeperError>();
  #error: KeeperError | undefined;
  #freshness: Freshness | undefined;
  /** The problems reported last, so that the same are not reported again. */
  #reportedProblemKey: string;

  constructor(source: ReferenceSource, targets: ReadonlyMap<string, Target>, options: ValueOptions) {
    this.#source = source;
    this.#targets = targets;
    this.#options = options;
    this.#reportedProblemKey = this.#problemKey;
  }

  /** True when there is an update: values changed, or problems appeared, changed or ended. */
  get hasUpdate(): boolean {
    return (this.#isComplete && this.#pending.size > 0) || this.#problemKey !== this.#reportedProblemKey;
  }

  /** The last good value of every reference, in new copies; `undefined` until each had one. */
  get values(): Record<string, unknown> | undefined {
    if (!this.#isComplete) return undefined;
    const { secret } = this.#options;
    return redactedObject(
      [...this.#targets.keys()].map((name) => [
        name,
        formatValue(copyOf(this.#last.get(name)?.value), { secret }),
      ]),
    );
  }

  /** Returns the current state; its changes count as reported. */
  takeUpdate(): UntypedUpdate {
    const changed = this.#isComplete
      ? [...this.#targets.keys()].filter((name) => this.#pending.has(name))
      : [];
    if (this.#isComplete) this.#pending.clear();
    this.#reportedProblemKey = this.#problemKey;
    return {
      values: this.values,
      changed,
      problems: this.#problems,
      error: this.#error,
      freshness: this.#freshness,
    };
  }

  /** Notes that a poll failed; all values stay. */
  onError(error: KeeperError): void {
    this.#error = error;
  }

  /** True when there are files to {@link download}. */
  get wantsFiles(): boolean {
    return this.#wanted.size > 0;
  }

  /**
   * Compares what was read with what is known: revisions first, then values. Files whose content is needed are wanted
   * then. All other values count at once, save those of the same records, which wait for the {@link download}.
   */
  onResult({ index, freshness }: RecordsRead): void {
    this.#wanted.clear();
    this.#held.clear();
    for (const [name, target] of this.#targets) {
      const fault = tryOrError(() => {
        const record = index.find(target);
        const last = this.#last.get(name);
        if (last && isSameRevision(last, record)) return;
        const picked = pickValue(record, target);
        if (picked.file === undefined) this.#held.set(name, this.#taken(picked.value, record));
        else if (last?.fileUid !== picked.file.uid) this.#wanted.set(name, { file: picked.file, record });
        else this.#held.set(name, { ...last, revision: record.revision });
      });
      if (fault) this.#faults.set(name, fault);
      else if (!this.#wanted.has(name)) this.#faults.delete(name);
    }
    this.#release();
    this.#error = undefined;
    this.#freshness = freshness;
  }

  /**
   * Downloads what is wanted, and then counts what waited for it, whether it failed or not. What failed is wanted again by the next read.
   *
   * @param wait - `timeoutMs` limits each download
   * @throws {@link AbortedError} `ERR_KSM_ABORTED`
   */
  async download(wait: WaitOptions): Promise<void> {
    const asked = new Map(this.#wanted);
    const contents = await downloadAll(
      this.#source,
      [...asked.values()].map(({ file }) => file),
      wait,
    );
    for (const [name, { file }] of asked) {
      const content = contents(file);
      const wanted = this.#wanted.get(name);
      // A poll meanwhile may have found another file, or none.
      if (wanted?.file.uid !== file.uid) continue;
      this.#wanted.delete(name);
      const taken =
        content instanceof KeeperError
          ? content
          : tryOrError(() => this.#taken(content, wanted.record, file.uid));
      if (taken instanceof KeeperError) this.#faults.set(name, taken);
      else {
        this.#faults.delete(name);
        this.#note(name, taken);
      }
    }
    this.#release();
  }

  /** Counts what needs to wait no longer. */
  #release(): void {
    const waiting = new Set([...this.#wanted.values()].map(({ record }) => record.uid));
    for (const [name, value] of this.#held) {
      if (waiting.has(value.recordUid)) continue;
      this.#held.delete(name);
      this.#note(name, value);
    }
  }

  /** In the order of the references. */
  get #problems(): readonly ReferenceProblem[] {
    return [...this.#targets.keys()].flatMap((name) => {
      const fault = this.#faults.get(name);
      return fault ? problemOf(name, fault) : [];
    });
  }

  get #isComplete(): boolean {
    return this.#last.size === this.#targets.size;
  }

  get #problemKey(): string {
    const codes = this.#problems.map(({ name, code }) => `${name} ${code}`);
    return JSON.stringify([this.#error?.code, ...codes]);
  }

  #taken(value: unknown, { uid, revision }: KsmRecord, fileUid?: string): LastGood {
    return { value: this.#options.text ? valueText(value) : value, recordUid: uid, revision, fileUid };
  }

  #note(name: string, next: LastGood): void {
    const last = this.#last.get(name);
    this.#last.set(name, next);
    if (last === undefined || last.fileUid !== next.fileUid || !isSameValue(last.value, next.value)) {
      this.#pending.add(name);
    }
  }
}

/** A revision that the service did not send proves nothing. */
function isSameRevision(last: LastGood, record: KsmRecord): boolean {
  return last.recordUid === record.uid && last.revision === record.revision && last.revision !== 0;
}

function isSameValue(a: unknown, b: unknown): boolean {
  if (a instanceof KsmRecord && b instanceof KsmRecord) {
    return a.uid === b.uid && a.revision === b.revision && JSON.stringify(a.data) === JSON.stringify(b.data);
  }
  return a === b || JSON.stringify(a) === JSON.stringify(b);
}

/** Values that are returned may be changed or overwritten by the caller; records are shared. */
function copyOf(value: unknown): unknown {
  if (value instanceof Uint8Array) return value.slice();
  return value instanceof KsmRecord ? value : structuredClone(value);
}
