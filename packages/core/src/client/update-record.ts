/** `update_secret`, the end of its transactions, and the conflict of two writers (ksm-protocol section 10.4). */
import { flagOption, oneOf, sharedDeadline, type OptionChecks, type WaitOptions } from "@ksmkit/common";
import { ArgumentError, TransportError } from "../errors/errors.ts";
import {
  requireFunction,
  requireInstance,
  requireOptions,
  uidsOption,
  waitChecks,
} from "../errors/require-options.ts";
import { withoutFiles } from "../records/file-refs.ts";
import { KsmRecord } from "../records/ksm-record.ts";
import { sealJson } from "../records/seal-json.ts";
import type { ServiceClient } from "./service-client.ts";
import { getRecord, uidList } from "./get-secrets.ts";
import { refreshRecord, requireEditable, snapshotOf, type SaveResult } from "./refresh-record.ts";

/** Options of {@link SecretsManager.updateRecord}. */
export interface UpdateRecordOptions extends WaitOptions {
  /**
   * Keeps the change pending until `completeTransaction`. Default: it is committed at once. `general` cannot
   * be combined with `removeFiles`: the service would ignore the removal (KSM-776).
   */
  transactionType?: "general" | "rotation" | undefined;
  /** Uids of files to detach, or one. They are taken out of what is sent, not out of the record object. */
  removeFiles?: string | readonly string[] | undefined;
  /**
   * Reads the record again after the save, one request, so that the object can be saved once more. Default:
   * true; false within a transaction, which changes nothing yet.
   */
  refresh?: boolean | undefined;
}

/** Options of {@link SecretsManager.patchRecord}. */
export interface PatchRecordOptions extends UpdateRecordOptions {
  /** How often the change is applied at most. Default: 3. */
  attempts?: number | undefined;
}

/** What {@link SecretsManager.patchRecord} leaves behind. */
export interface PatchResult extends SaveResult {
  /** The record as it was saved. */
  readonly record: KsmRecord;
}

/** Options of {@link SecretsManager.completeTransaction}. */
export interface CompleteTransactionOptions extends WaitOptions {
  /** Drops the pending change instead of committing it. Default: false. */
  rollback?: boolean | undefined;
}

const updateChecks: OptionChecks<UpdateRecordOptions> = {
  transactionType: oneOf("general", "rotation"),
  removeFiles: uidsOption,
  refresh: flagOption,
  ...waitChecks,
};

const patchChecks: OptionChecks<PatchRecordOptions> = {
  attempts: {
    accepts: (value) => Number.isInteger(value) && Number(value) >= 1,
    expected: "a whole number from 1",
  },
  ...updateChecks,
};

/** Saves a record's data as it is now. The object changes only once the service has agreed. */
export async function updateRecord(
  service: ServiceClient,
  record: KsmRecord,
  options: UpdateRecordOptions,
): Promise<SaveResult> {
  requireInstance(record, KsmRecord, "record", "a record as getSecrets returns it");
  requireOptions(options, updateChecks, "updateRecord");
  const { transactionType, refresh = transactionType === undefined } = options;
  const removed = uidList(options.removeFiles ?? [], "removeFiles");
  if (removed.length > 0 && transactionType === "general") {
    throw new ArgumentError("Option removeFiles has no effect within a general transaction.");
  }
  requireEditable(record);
  await record.open();
  const wait = sharedDeadline(options);
  const state = KsmRecord.stateOf(record);
  const saved = snapshotOf(record.data);
  const data = removed.length > 0 ? withoutFiles(record.data, removed) : record.data;
  const payload = {
    recordUid: record.uid,
    data: await sealJson(KsmRecord.keyOf(record), data, state.exactNumbers),
    revision: state.wire.revision,
    ...(transactionType && { transactionType }),
    ...(removed.length > 0 && { links2Remove: removed }),
  };
  await writeRecord(service, record, service.write("update_secret", payload, wait));
  return refresh ? refreshRecord(service, record, wait, saved) : {};
}

/** Reads a record, applies a change and saves; again from the start when another client saved meanwhile. */
export async function patchRecord(
  service: ServiceClient,
  uid: string,
  change: (record: KsmRecord) => unknown,
  patchOptions: PatchRecordOptions,
): Promise<PatchResult> {
  requireFunction(change, "change");
  requireOptions(patchOptions, patchChecks, "patchRecord");
  const { attempts = 3, ...options } = patchOptions;
  const wait = sharedDeadline(options);
  for (let left = attempts; ;) {
    const record = await getRecord(service, uid, {
      signal: wait.signal,
      timeoutMs: wait.timeoutMs,
      fresh: true,
    });
    await change(record);
    try {
      return {
        record,
        ...(await updateRecord(service, record, { ...options, timeoutMs: wait.timeoutMs })),
      };
    } catch (error) {
      if (!(error instanceof ConflictError) || --left === 0) throw error;
    }
  }
}

/** Commits or drops a pending change. */
export async function completeTransaction(
  service: ServiceClient,
  recordUid: string,
  options: CompleteTransactionOptions,
): Promise<void> {
  requireOptions(options, { rollback: flagOption, ...waitChecks }, "completeTransaction");
  const { rollback = false, ...wait } = options;
  const [uid] = uidList(recordUid, "recordUid");
  const endpoint = rollback ? "rollback_secret_update" : "finalize_secret_update";
  await service.write(endpoint, { recordUid: uid }, wait);
}

/**
 * A save was refused because another client saved first: `ERR_KSM_TRANSPORT_OUT_OF_SYNC`. The record object is
 * as it was; {@link ConflictError.current} reads what is stored now, to merge with.
 *
 * @example
 * ```ts
 * try { await manager.updateRecord(record); }
 * catch (error) {
 *   if (!(error instanceof ConflictError)) throw error;
 *   const current = await error.current();
 *   current.setField("password", record.field("password") ?? []);
 *   await manager.updateRecord(current);
 * }
 * ```
 */
export class ConflictError extends TransportError {
  override readonly name = "ConflictError";
  readonly recordUid: string;
  /** The revision that the save was based on. */
  readonly staleRevision: number;
  readonly #service: ServiceClient;

  /** @internal */
  constructor(refused: TransportError, record: KsmRecord, service: ServiceClient) {
    super(refused.code, refused.message, refused);
    this.recordUid = record.uid;
    this.staleRevision = record.revision;
    this.#service = service;
  }

  /** Reads the record as it is stored now. */
  current(options: WaitOptions = {}): Promise<KsmRecord> {
    return getRecord(this.#service, this.recordUid, { ...options, fresh: true });
  }
}

/** Writes a record; a refusal for its revision becomes a {@link ConflictError}. */
export async function writeRecord<T>(
  service: ServiceClient,
  record: KsmRecord,
  writing: Promise<T>,
): Promise<T> {
  try {
    return await writing;
  } catch (error) {
    if (!(error instanceof TransportError) || error.code !== "ERR_KSM_TRANSPORT_OUT_OF_SYNC") throw error;
    throw new ConflictError(error, record, service);
  }
}
