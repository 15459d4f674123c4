/** Records of a list by uid or exact title. A list that is searched again is indexed. */
import { RecordFinder } from "@ksmkit/core/internal";
import type { KeeperRecord, SecretManagerOptions } from "../types/records.ts";
import { getSecrets } from "./get-secrets.ts";

/** Looks records up. @internal */
export const keeperRecords: RecordFinder<KeeperRecord> = new RecordFinder({
  uidOf: ({ recordUid }) => recordUid,
  titleOf: ({ data }) => data?.title,
});

/** The records with exactly that title. */
export const findSecretsByTitle = async (
  records: KeeperRecord[],
  recordTitle: string,
): Promise<KeeperRecord[]> => keeperRecords.byTitle(records, recordTitle);

/** The first record with exactly that title. */
export const findSecretByTitle = async (
  records: KeeperRecord[],
  recordTitle: string,
): Promise<KeeperRecord | undefined> => keeperRecords.byTitle(records, recordTitle)[0];

/** Reads everything and returns the records with exactly that title. */
export const getSecretsByTitle = async (
  options: SecretManagerOptions,
  recordTitle: string,
): Promise<KeeperRecord[]> => findSecretsByTitle((await getSecrets(options)).records, recordTitle);

/** Reads everything and returns the first record with exactly that title. */
export const getSecretByTitle = async (
  options: SecretManagerOptions,
  recordTitle: string,
): Promise<KeeperRecord | undefined> => findSecretByTitle((await getSecrets(options)).records, recordTitle);
