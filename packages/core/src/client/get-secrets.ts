/** `get_secret`: the request and its decoded response (ksm-protocol section 10.1). */
import { flagOption, oneOf, type JsonObject, type OptionChecks } from "@ksmkit/common";
import type { Freshness } from "../records/freshness.ts";
import type { KsmRecord } from "../records/ksm-record.ts";
import { openSecrets, type OpenedSecrets } from "../records/open-secrets.ts";
import { checkRecordUid, pickRecord } from "../records/pick-record.ts";
import type { ServiceClient, ReadOptions } from "./service-client.ts";
import { ArgumentError } from "../errors/errors.ts";
import { readChecks, requireOptions, uidsOption } from "../errors/require-options.ts";

/** What to read. Without any option: everything that is shared to the application. */
export interface SecretsQuery extends ReadOptions {
  /** Uids of records; unknown ones are ignored by the service. An empty list means all. */
  uids?: string | readonly string[] | undefined;
  /** Uids of shared folders; only their records are read. An empty list means all. */
  folderUids?: string | readonly string[] | undefined;
  /** Asks for the links of each record too. Default: false. */
  links?: boolean | undefined;
  /**
   * Leaves each record sealed until it is first used, which costs a fraction when few of many are used. A
   * broken record then shows when it is used instead of in `problems`. Where cryptography is asynchronous,
   * everywhere but on Node, Bun and Deno, each must then be opened with `open()` before it is used; `auto` is lazy
   * only where records open by themselves. Default: false.
   */
  lazy?: boolean | "auto" | undefined;
  /** Keeps every copy of a record that is shared more than once. Default: false, one copy each. */
  keepDuplicates?: boolean | undefined;
}

/** What was read. */
export interface SecretsResult extends OpenedSecrets {
  freshness: Freshness;
}

/** Checks of {@link SecretsQuery}. */
export const queryChecks: OptionChecks<SecretsQuery> = {
  uids: uidsOption,
  folderUids: uidsOption,
  links: flagOption,
  lazy: oneOf(true, false, "auto"),
  keepDuplicates: flagOption,
  ...readChecks,
};

/** Reads and opens records. */
export async function getSecrets(service: ServiceClient, query: SecretsQuery): Promise<SecretsResult> {
  requireOptions(query, queryChecks, "getSecrets");
  const { answer, appKey, freshness, warning } = await service.read(
    "get_secret",
    secretsPayload(query),
    query,
  );
  const result = await openSecrets(answer, {
    appKey,
    lazy: query.lazy,
    unique: !query.keepDuplicates,
    freshness,
  });
  if (warning !== undefined) result.warnings.push(warning);
  return { ...result, freshness };
}

const { uids: _uids, folderUids: _folderUids, ...recordChecks } = queryChecks;

/**
 * Reads one record by its uid.
 *
 * @throws {@link RecordError} `ERR_KSM_RECORD_NOT_FOUND`, `ERR_KSM_RECORD_BROKEN`
 */
export async function getRecord(
  service: ServiceClient,
  recordUid: string,
  query: SecretsQuery,
): Promise<KsmRecord> {
  checkRecordUid(recordUid);
  requireOptions(query, recordChecks, "getRecord");
  return pickRecord(await getSecrets(service, { ...query, uids: recordUid }), recordUid);
}

/** Payload of the request, without what every request carries. */
function secretsPayload(query: SecretsQuery): JsonObject {
  const records = uidList(query.uids ?? [], "uids");
  const folders = uidList(query.folderUids ?? [], "folderUids");
  return {
    ...(records.length > 0 && { requestedRecords: records }),
    ...(folders.length > 0 && { requestedFolders: folders }),
    ...(query.links && { requestLinks: true }),
  };
}

/**
 * A lone uid as a list of one; each uid once.
 *
 * @throws {@link ArgumentError} `ERR_KSM_ARGUMENT_INVALID`
 */
export function uidList(uids: string | readonly string[], name: string): string[] {
  const list = typeof uids === "string" ? [uids] : uids;
  if (Array.isArray(list) && list.every((uid) => typeof uid === "string" && uid !== ""))
    return [...new Set(list)];
  throw new ArgumentError(`Option ${name} must be a uid or a list of uids.`);
}
