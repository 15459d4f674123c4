/** Deletions fail item by item behind a success (ksm-protocol sections 10.5 and 10.6). */
import { flagOption, type JsonObject, type OptionChecks, type WaitOptions } from "@ksmkit/common";
import { DeleteError, type DeleteResult } from "../errors/errors.ts";
import { requireOptions, waitChecks } from "../errors/require-options.ts";
import { decodeDeletions } from "../protocol/wire.ts";
import { badResponse } from "../transport/envelope.ts";
import type { ServiceClient } from "./service-client.ts";
import { uidList } from "./get-secrets.ts";

/** Options of the deleting operations. */
export interface DeleteOptions extends WaitOptions {
  /** Throws {@link DeleteError} when an item was not deleted, instead of only telling so. Default: false. */
  throwOnFailure?: boolean | undefined;
}

/** Checks of {@link DeleteOptions}. */
export const deleteChecks: OptionChecks<DeleteOptions> = { throwOnFailure: flagOption, ...waitChecks };

/** Deletes records; one result each, in the order asked. */
export async function deleteRecords(
  service: ServiceClient,
  recordUids: string | readonly string[],
  options: DeleteOptions,
): Promise<DeleteResult[]> {
  requireOptions(options, deleteChecks, "deleteRecords");
  return deleteItems(service, "records", uidList(recordUids, "recordUids"), options);
}

/**
 * Sends a deletion and returns one result for each uid. An item that the response does not mention counts as
 * not deleted.
 */
export async function deleteItems(
  service: ServiceClient,
  list: "records" | "folders",
  uids: readonly string[],
  { throwOnFailure = false, ...wait }: DeleteOptions,
  { topOf = (uid) => uid, ...more }: JsonObject & { topOf?: (uid: string) => string } = {},
): Promise<DeleteResult[]> {
  if (uids.length === 0) return [];
  const [endpoint, key] =
    list === "records"
      ? (["delete_secret", "recordUids"] as const)
      : (["delete_folder", "folderUids"] as const);
  const sent = [...new Set(uids.map(topOf))];
  const answer = await service.write(endpoint, { [key]: sent, ...more }, wait);
  if (!Array.isArray(answer[list])) throw badResponse("lists no outcomes", endpoint);
  const outcomes = new Map(decodeDeletions(answer, list).map((outcome) => [outcome.uid, outcome]));
  const results = uids.map((uid): DeleteResult => {
    const { responseCode = "", errorMessage = "not mentioned in the answer" } =
      outcomes.get(topOf(uid)) ?? {};
    return { uid, ok: responseCode === "ok", responseCode, errorMessage };
  });
  const failed = results.filter(({ ok }) => !ok);
  if (!throwOnFailure || failed.length === 0) return results;
  // The service's own texts stay in the results: only codes of the expected form are fit for a message.
  const reasons = failed
    .slice(0, 5)
    .map(({ uid, responseCode }) => `${uid} (${/^\w{1,32}$/.exec(responseCode)?.[0] ?? "no code"})`);
  throw new DeleteError(
    `${failed.length} of ${results.length} ${list} were not deleted: ${reasons.join(", ")}; see results.`,
    results,
  );
}
