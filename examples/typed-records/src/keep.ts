/** How the recipes of this example hand over what they make. */
import type { RecordData, RecordUid } from "@ksmkit/helper";

/** Stores one record and gives its uid, which records made later may refer to. */
export type Keep = (record: RecordData) => Promise<RecordUid>;
