/** What the compiler knows of the client; this file is compiled, never run. */
import {
  KeeperError,
  KsmRecord,
  memoryStorage,
  SecretsManager,
  textStorage,
  ThrottledError,
  type ConfigStorage,
  type FieldValue,
  type KeeperErrorCode,
  type KsmFile,
  type KsmFolder,
  type PostFunction,
  type Problem,
  type SecretsManagerOptions,
} from "@ksmkit/core";
import { generatePassword, totp } from "@ksmkit/core/generators";
import type { getLinks, RecordLink } from "@ksmkit/core/links";
import { getNotation, tryGetNotation, type getNotationValue } from "@ksmkit/core/notation";
import { FolderTree } from "@ksmkit/core/folder-tree";
import { storageConformance } from "@ksmkit/core/testing";
import { expectType, type Equal, type IsAny } from "@ksmkit/tool-types/expect";

// Options: a storage is all that is needed, and undefined is as good as nothing.
const manager = new SecretsManager({ storage: memoryStorage(), token: undefined, hostname: "EU" });
// @ts-expect-error no storage
void new SecretsManager({});
// @ts-expect-error a path is no storage
void new SecretsManager({ storage: "ksm-config.json" });
// @ts-expect-error a misspelt option
void new SecretsManager({ storage: memoryStorage(), timeout: 5 });
// @ts-expect-error milliseconds are a number
void new SecretsManager({ storage: memoryStorage(), timeoutMs: "30s" });
const options: SecretsManagerOptions = { storage: textStorage("{}"), fetch };
void options;

// A storage of one's own.
const storage: ConfigStorage = {
  description: "a place of one's own",
  load: () => Promise.resolve({ clientId: "…" }),
  save: (values, { expected = values } = {}) => Promise.resolve(void expected),
  checkWritable: () => Promise.resolve(),
  discard: () => Promise.resolve(),
};
void storage;
// @ts-expect-error it cannot save
const readOnly: ConfigStorage = {
  description: "",
  load: () => Promise.resolve({}),
  checkWritable: () => Promise.resolve(),
  discard: () => Promise.resolve(),
};
void readOnly;

// Reading.
const { records, problems, appData, warnings } = await manager.getSecrets({ uids: ["…"], links: true });
expectType<Equal<IsAny<typeof warnings>, false>>();
expectType<Equal<typeof records, KsmRecord[]>>();
expectType<Equal<(typeof problems)[number], Problem>>();
expectType<Equal<IsAny<NonNullable<typeof appData>[string]>, false>>();
// @ts-expect-error a misspelt member of the query
void manager.getSecrets({ uid: "…" });
// @ts-expect-error one record is asked for by one uid
void manager.getRecord(["…"]);
const [record] = records;
// @ts-expect-error there may be none
void record.uid;

// Fields are typed by their type; what is not known is `unknown`.
declare const one: KsmRecord;
expectType<Equal<ReturnType<typeof one.field<"login">>, string | undefined>>();
expectType<Equal<ReturnType<typeof one.field<"checkbox">>, boolean | undefined>>();
expectType<Equal<ReturnType<typeof one.field<"date">>, number | undefined>>();
expectType<Equal<FieldValue<"something of my own">, unknown>>();
const port = one.customField("host")?.port;
expectType<Equal<typeof port, string | undefined>>();
// @ts-expect-error a host has no such key
void one.field("host")?.hostname;
// @ts-expect-error nothing is known of a field of one's own
void one.field("My field").length;
expectType<Equal<typeof one.title, string | undefined>>();
expectType<Equal<(typeof one.data)[string], unknown>>();
expectType<Equal<typeof one.files, readonly KsmFile[]>>();
one.data = { ...one.data, title: "New" };
// @ts-expect-error a uid is not changed
one.uid = "…";
// @ts-expect-error records come from the service
void new KsmRecord({ type: "login" });

// Folders and files.
const { folders } = await manager.getFolders();
expectType<Equal<(typeof folders)[number], KsmFolder>>();
const tree = new FolderTree(folders);
void tree;
declare const file: KsmFile;
expectType<Equal<Awaited<ReturnType<typeof manager.downloadFile>>, Uint8Array<ArrayBuffer>>>();
void manager.downloadFile(file, { signal: AbortSignal.timeout(5) });
// @ts-expect-error a file is not named by its uid alone
void manager.downloadFile(file.uid);

// Notation, links, generators.
expectType<Equal<Awaited<ReturnType<typeof getNotation>>, string[]>>();
expectType<Equal<IsAny<Awaited<ReturnType<typeof getNotationValue>>>, false>>();
void tryGetNotation(manager, "keeper://…");
// @ts-expect-error a client first
void getNotation("keeper://…");
expectType<Equal<ReturnType<typeof getLinks>[number], RecordLink>>();
const { code, timeLeft } = await totp("otpauth://totp/…");
expectType<Equal<typeof code, string>>();
expectType<Equal<typeof timeLeft, number>>();
expectType<Equal<IsAny<ReturnType<typeof generatePassword>>, false>>();
// @ts-expect-error no such rule
void generatePassword({ size: 20 });

// Errors: a switch over the codes is checked.
declare const caught: unknown;
if (caught instanceof KeeperError) {
  expectType<Equal<typeof caught.code, KeeperErrorCode>>();
  // @ts-expect-error no such code
  void (caught.code === "ERR_KSM_NO_SUCH_CODE");
}
if (caught instanceof ThrottledError) expectType<Equal<typeof caught.retryable, boolean>>();

// What takes the place of the transport.
const post: PostFunction = (request, deadline, next) => next(request, deadline);
// @ts-expect-error an answer has a body
const empty: PostFunction = () => Promise.resolve({ status: 200 });
void [post, empty];

storageConformance satisfies (...args: never) => unknown;

// Clients are disposable.
{
  using disposable = new SecretsManager({ storage: memoryStorage() });
  void disposable;
}
