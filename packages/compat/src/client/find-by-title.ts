/** Records by their exact title. */
import type { KeeperRecord, SecretManagerOptions } from "../types/records.ts";
import { getSecrets } from "./get-secrets.ts";

/** The records with exactly that title. */
export const findSecretsByTitle = async (
  records: KeeperRecord[],
  recordTitle: string,
): Promise<KeeperRecord[]> => records.filter(({ data }) => data?.title === recordTitle);

/** The first record with exactly that title. */
export const findSecretByTitle = async (
  records: KeeperRecord[],
  recordTitle: string,
): Promise<KeeperRecord | undefined> => records.find(({ data }) => data?.title === recordTitle);

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
