/** What a record is made of before and after it is opened. Internal to this room. */
import type { JsonObject } from "@ksmkit/common";
import type { CryptoProvider } from "../crypto/provider.ts";
import type { WireRecord } from "../protocol/wire-types.ts";
import type { Freshness } from "./freshness.ts";
import type { KsmFile } from "./ksm-file.ts";
import type { Problem } from "./problem.ts";

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
  files: KsmFile[] | undefined;
  /** Why the record cannot be opened, when it cannot. */
  broken: Problem | undefined;
  /** The walk that is opening the record right now, where that takes time. */
  opening: Promise<void> | undefined;
  /** Files that were left out. */
  fileProblems: Problem[] | undefined;
}
