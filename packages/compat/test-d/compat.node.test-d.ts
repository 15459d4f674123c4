/** What the compiler knows of the built package; this file is compiled, never run. */
import {
  getSecrets,
  inMemoryStorage,
  type platform,
  UpdateTransactionType,
  updateSecret2,
  type KeeperRecord,
  type SecretManagerOptions,
} from "@ksmkit/compat";
import { expectType, type Equal, type IsAny } from "@ksmkit/tool-types/expect";

const options: SecretManagerOptions = {
  storage: inMemoryStorage({}),
  onProblem: ({ message }) => void message,
};
const { records } = await getSecrets(options, ["uid"]);
expectType<Equal<typeof records, KeeperRecord[]>>();
expectType<Equal<IsAny<KeeperRecord>, false>>();
expectType<Equal<IsAny<typeof platform>, false>>();
declare const record: KeeperRecord;
void updateSecret2(options, record, { transactionType: UpdateTransactionType.Rotation });
// @ts-expect-error a member of the enumeration
void updateSecret2(options, record, { transactionType: "sometimes" }); // oxlint-disable-line no-unsafe-enum-assignment
// @ts-expect-error a storage is needed
void getSecrets({});
