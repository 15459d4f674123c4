/** `get_secret`: the question, and what becomes of the answer (ksm-protocol section 10.1). */
import type { JsonObject, WaitOptions } from "@ksmkit/common";
import { ArgumentError } from "../errors/argument-error.ts";
import { openSecrets, type OpenedSecrets } from "../records/open-secrets.ts";

/** What to read. Without any option: everything that is shared to the application. */
export interface SecretsQuery extends WaitOptions {
  /** Uids of records; unknown ones are ignored by the service. An empty list means all. */
  uids?: string | readonly string[] | undefined;
  /** Uids of shared folders; only their records are read. An empty list means all. */
  folderUids?: string | readonly string[] | undefined;
  /** Asks for the links of each record too. Default: false. */
  links?: boolean | undefined;
  /**
   * Leaves each record sealed until it is first used, which costs a fraction when few of many are used. A
   * broken record then shows when it is used instead of in `problems`. Default: false.
   */
  lazy?: boolean | undefined;
  /** Keeps every copy of a record that is shared more than once. Default: false, one copy each. */
  keepDuplicates?: boolean | undefined;
}

/** What was read. */
export type SecretsResult = OpenedSecrets;

/** Payload of the request, without what every request carries. */
export function secretsPayload(query: SecretsQuery): JsonObject {
  const records = uidList(query.uids, "uids");
  const folders = uidList(query.folderUids, "folderUids");
  return {
    ...(records.length > 0 && { requestedRecords: records }),
    ...(folders.length > 0 && { requestedFolders: folders }),
    ...(query.links && { requestLinks: true }),
  };
}

/** Opens the answer as the query wants it. */
export function openSecretsAnswer(
  answer: JsonObject,
  appKey: Uint8Array,
  query: SecretsQuery,
): Promise<SecretsResult> {
  return openSecrets(answer, { appKey, lazy: query.lazy, unique: !query.keepDuplicates });
}

function uidList(uids: string | readonly string[] | undefined, name: string): readonly string[] {
  const list = typeof uids === "string" ? [uids] : (uids ?? []);
  if (Array.isArray(list) && list.every((uid) => typeof uid === "string" && uid !== "")) return list;
  throw new ArgumentError("ERR_KSM_ARGUMENT_INVALID", `Option ${name} must be a uid or a list of uids.`);
}
