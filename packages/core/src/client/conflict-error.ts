/** The record changed on the service since it was read (ksm-protocol section 10.4). */
import type { WaitOptions } from "@ksmkit/common";
import { TransportError } from "../errors/errors.ts";
import type { KsmRecord } from "../records/ksm-record.ts";
import type { ServiceClient } from "./service-client.ts";
import { getRecord } from "./get-secrets.ts";

/**
 * A save was refused because somebody else saved first: `ERR_KSM_TRANSPORT_OUT_OF_SYNC`. The record object is
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
