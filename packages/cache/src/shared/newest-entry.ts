/** Which of two entries counts: the one in the shared store, or the one that this process knows. */
import { clockToleranceMs } from "../entries/entry-store.ts";
import { openEntry, type EntryContext } from "../entries/sealed-entry.ts";
import type { CacheEventListener } from "../event.ts";
import { ageOf, type LocalEntry } from "./local-cache.ts";
import type { SharedEntry } from "./shared-store.ts";

/** What {@link newestEntry} compares with. */
export interface NewestEntryOptions {
  readonly known: LocalEntry | undefined;
  readonly context: EntryContext;
  readonly now: number;
  /** Age in milliseconds up to which an entry may be returned at all. */
  readonly keepMs: number;
  /** What and where the store is, for messages. */
  readonly description: string;
  readonly emit: CacheEventListener;
}

/**
 * The entry of the store, opened, or the known one when that is newer or the store's is unusable; `undefined` for
 * neither. A damaged entry counts as none.
 */
export async function newestEntry(
  entry: SharedEntry | null,
  { known, context, now, keepMs, description, emit }: NewestEntryOptions,
): Promise<LocalEntry | undefined> {
  if (entry === null) return known;
  /** Whether the store should have dropped the entry long ago, by the time sealed into it. */
  const isExpired = ({ fetchedAt }: Pick<LocalEntry, "fetchedAt">): boolean => {
    if (now <= fetchedAt + keepMs + clockToleranceMs) return false;
    emit({
      kind: "too-old",
      message: "A shared response is older than its age in the store; it is not used.",
    });
    return true;
  };
  const { version, epoch, bytes } = entry;
  // A negative or missing age means that the store's clock was set back: counted from now on.
  const ageMs = entry.ageMs > 0 ? entry.ageMs : 0;
  const seen = { version, ageMs, epoch, seenAt: now };
  if (bytes === null && known !== undefined) {
    if (isExpired(known)) return undefined;
    // The store can make a response older only, never younger.
    const ownMs = ageOf(known, now);
    return { ...known, ...seen, ageMs: ownMs === Infinity ? ageMs : Math.max(ageMs, ownMs) };
  }
  const opened = bytes && (await openEntry(context, bytes));
  if (!opened) {
    const message = `A shared response in ${description} is damaged or sealed under another key; it is not used.`;
    emit({ kind: "unreadable", message });
    return known;
  }
  const { head, value: json } = opened;
  if (isExpired(head)) return known;
  if (known !== undefined && known.requestedAt > head.requestedAt + clockToleranceMs) {
    // A failover may have lost the newer one, or an older one was put back.
    emit({
      kind: "rolled-back",
      message: "A shared response is older than one seen before; it is not used.",
    });
    return known;
  }
  return { ...seen, json, requestedAt: head.requestedAt, fetchedAt: head.fetchedAt };
}
