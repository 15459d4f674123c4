/** What a fetch could not open, reported to the caller instead of failing everything else (ksm-protocol 11.2). */
import { isJsonObject, parseJson, printable, type JsonObject } from "@ksmkit/common";

/** What kind of item is left out. */
export type ProblemKind = "appData" | "folder" | "record" | "file";

/** Why an item is left out. */
export type ProblemReason =
  /** The entry is not a JSON object. */
  | "not-an-object"
  /** The entry carries no key. */
  | "key-missing"
  /** No key at hand opens the item's key. */
  | "key-unreadable"
  /** The item's key opens, but is not 32 bytes long. */
  | "key-length"
  /** The content is missing or does not open under the item's key. */
  | "data-unreadable"
  /** The content opens, but is not a JSON object. */
  | "data-not-object"
  /** The content nests deeper than 500 levels. */
  | "data-too-deep"
  /** The folder's parent is not in the answer. */
  | "parent-missing"
  /** The folder is its own ancestor, or lies below such a folder. */
  | "parent-cycle"
  /** The folder lies more than 100 levels deep. */
  | "too-deep";

/** One item that was left out. Holds uids only, nothing of the content. */
export interface Problem {
  readonly kind: ProblemKind;
  /** Uid of the item, when it has one. */
  readonly uid?: string;
  /** Uid of the record that owns the file. */
  readonly recordUid?: string;
  /** Uid of the folder that holds the record. */
  readonly folderUid?: string;
  readonly reason: ProblemReason;
  /** The above as a sentence for logs. */
  readonly message: string;
}

const sentences: Readonly<Record<ProblemReason, string>> = {
  "not-an-object": "the entry is not an object",
  "key-missing": "it has no key",
  "key-unreadable": "its key does not open",
  "key-length": "its key is not 32 bytes",
  "data-unreadable": "its data does not open",
  "data-not-object": "its data is not a JSON object",
  "data-too-deep": "its data nests deeper than 500 levels",
  "parent-missing": "its parent folder is not in the answer",
  "parent-cycle": "its parents form a cycle",
  "too-deep": "it lies more than 100 levels deep",
};

/** Builds a problem; empty uids are left out. */
export function problem(
  kind: ProblemKind,
  reason: ProblemReason,
  uids: { uid?: string; recordUid?: string; folderUid?: string } = {},
): Problem {
  const { uid, recordUid, folderUid } = uids;
  return {
    kind,
    ...(uid && { uid }),
    ...(recordUid && { recordUid }),
    ...(folderUid && { folderUid }),
    reason,
    message: `${kind}${shown(" ", uid)}${shown(" of record ", recordUid)} left out: ${sentences[reason]}`,
  };
}

/** A uid in a sentence: the service's word, which may be anything. */
function shown(before: string, uid: string | undefined): string {
  return uid ? before + printable(uid, 64) : "";
}

/** The object that the opened content of an item holds, or why it holds none. */
export function parseContent(text: string): JsonObject | ProblemReason {
  const { value, fault } = parseJson(text);
  if (isJsonObject(value)) return value;
  return fault === "depth" ? "data-too-deep" : "data-not-object";
}
