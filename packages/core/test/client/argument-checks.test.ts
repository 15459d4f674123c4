/** What programs without types pass by mistake: a coded error with the nearest name, and nothing is sent. */
import type { Vault } from "@ksmkit/emulator";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { SecretsManager } from "../../src/client/secrets-manager.ts";
import { memoryStorage } from "../../src/config/storage.ts";
import type { KsmRecord } from "../../src/records/ksm-record.ts";
import { clientOptions, localClient, startLocalVault } from "./local-client.ts";

/** The client as a program without types sees it. */
type Untyped = Record<string, (...passed: unknown[]) => Promise<unknown>>;

let vault: Vault;
let client: Untyped;
let record: KsmRecord;
beforeAll(async () => {
  vault = await startLocalVault();
  const editor = localClient(vault);
  const { records } = await editor.getSecrets();
  const [first] = records;
  if (first === undefined) throw new TypeError("the vault has records");
  record = first;
  client = editor as unknown as Untyped;
});
afterAll(() => vault.close());

const uid = "A".repeat(22);
const noObject = (owner: string): string => `The options of ${owner} must be an object.`;

const cases: [method: string, passed: readonly unknown[], message: string][] = [
  ["getSecrets", [["uid"]], noObject("getSecrets")],
  ["getSecrets", [null], noObject("getSecrets")],
  ["getSecrets", [uid], noObject("getSecrets")],
  ["getSecrets", [{ uid: [uid] }], "Unknown option uid; did you mean uids?"],
  ["getSecrets", [{ recordUids: [uid] }], "Unknown option recordUids; did you mean uids?"],
  ["getSecrets", [{ timeout: 5 }], "Unknown option timeout; did you mean timeoutMs?"],
  ["getSecrets", [{ Fresh: true }], "Unknown option Fresh; did you mean fresh?"],
  ["getSecrets", [{ uids: [""] }], "Option uids must be a uid or a list of uids."],
  ["getSecrets", [{ uids: null }], "Option uids must be a uid or a list of uids."],
  ["getSecrets", [{ uids: "" }], "Option uids must be a uid or a list of uids."],
  ["getSecrets", [{ uids: { 0: uid } }], "Option uids must be a uid or a list of uids."],
  ["getSecrets", [{ folderUids: [1] }], "Option folderUids must be a uid or a list of uids."],
  ["getSecrets", [{ lazy: "yes" }], "Option lazy must be true, false or auto."],
  ["getSecrets", [{ links: 1 }], "Option links must be true or false."],
  ["getSecrets", [{ signal: {} }], "Option signal must be an AbortSignal."],
  ["getSecrets", [{ timeoutMs: "5" }], "Option timeoutMs must be a number from 0."],
  ["getRecord", [], "The uid of the record must be text that is not empty."],
  ["getRecord", [[uid]], "The uid of the record must be text that is not empty."],
  ["getRecord", [uid, null], noObject("getRecord")],
  ["getRecord", [uid, { lasy: true }], "Unknown option lasy; did you mean lazy?"],
  ["getRecordByTitle", [], "Argument title must be text."],
  ["getRecordsByTitle", [{ title: "x" }], "Argument title must be text."],
  ["getRecordsByTitle", ["x", { folderUid: uid }], "Unknown option folderUid; did you mean folderUids?"],
  ["getFolders", [{ refresh: true }], "Unknown option refresh; did you mean fresh?"],
  ["getFolders", ["x"], noObject("getFolders")],
  ["bind", [5], noObject("bind")],
  ["initialize", [{ timeOutMs: 5 }], "Unknown option timeOutMs; did you mean timeoutMs?"],
  ["exportConfig", [{ form: "k8s" }], "Unknown option form; did you mean format?"],
  ["exportConfig", [{ format: "yaml" }], "Option format must be json, base64 or k8s."],
  ["exportConfig", [{ format: "toString" }], "Option format must be json, base64 or k8s."],
  ["exportConfig", ["k8s"], noObject("exportConfig")],
  ["downloadFile", [], "Argument file must be a file of a record."],
  ["downloadFile", [{ uid, url: "https://files.example/x" }], "Argument file must be a file of a record."],
  ["downloadThumbnail", [null], "Argument file must be a file of a record."],
  ["createRecord", [], noObject("createRecord")],
  ["createRecord", [null], noObject("createRecord")],
  ["createRecord", [{}], "Option folderUid must be a uid."],
  ["createRecord", [{ folderUid: uid }], "Option record must be an object."],
  ["createRecord", [{ folderuid: uid, record: {} }], "Unknown option folderuid; did you mean folderUid?"],
  ["createRecord", [{ folderUid: uid, record: "x" }], "Option record must be an object."],
  [
    "createRecord",
    [{ folderUid: uid, record: {}, folders: [{ uid }] }],
    "Option folders must be a list of folders as getFolders returns them.",
  ],
  ["updateRecord", ["x"], "Argument record must be a record as getSecrets returns it."],
  ["updateRecord", [], "Argument record must be a record as getSecrets returns it."],
  ["updateRecord", [{ uid, data: {} }], "Argument record must be a record as getSecrets returns it."],
  ["patchRecord", [uid], "Argument change must be a function."],
  ["patchRecord", [uid, () => {}, { attempt: 2 }], "Unknown option attempt; did you mean attempts?"],
  ["patchRecord", [uid, () => {}, { attempts: 0 }], "Option attempts must be a whole number from 1."],
  ["completeTransaction", [], "Option recordUid must be a uid or a list of uids."],
  ["completeTransaction", [uid, { rolback: true }], "Unknown option rolback; did you mean rollback?"],
  ["completeTransaction", [uid, true], noObject("completeTransaction")],
  ["deleteRecords", [uid, { throwOnFail: true }], "Unknown option throwOnFail; did you mean throwOnFailure?"],
  ["deleteRecords", [], "Option recordUids must be a uid or a list of uids."],
  ["createFolder", [], noObject("createFolder")],
  ["createFolder", [{ parent: uid, name: "x" }], "Unknown option parent; did you mean parentUid?"],
  ["createFolder", [{ parentUid: uid }], "Option name must be text."],
  ["renameFolder", [uid, "x", { folder: [] }], "Unknown option folder; did you mean folders?"],
  ["renameFolder", [], "Argument folderUid must be a uid."],
  ["deleteFolders", [uid, { forced: true }], "Unknown option forced; did you mean force?"],
  ["streamFile", [undefined, () => {}], "Argument file must be a file of a record."],
  ["uploadFile", [], "Argument record must be a record as getSecrets returns it."],
];

describe("the client refuses", () => {
  it.each(cases)("%s(...%j): %s", async (method, passed, message) => {
    const sent = vault.log.length;
    const call = client[method]?.bind(client);
    await expect(call?.(...passed)).rejects.toMatchObject({ code: "ERR_KSM_ARGUMENT_INVALID", message });
    expect(vault.log).toHaveLength(sent);
  });

  it.each([
    ["updateRecord", [{ remove: [uid] }], "Unknown option remove; did you mean removeFiles?"],
    ["updateRecord", [{ transactionType: "x" }], "Option transactionType must be general or rotation."],
    ["updateRecord", [{ removeFiles: [uid, 1] }], "Option removeFiles must be a uid or a list of uids."],
    ["uploadFile", [], noObject("uploadFile")],
    [
      "uploadFile",
      [{ filename: "a", data: new Uint8Array() }],
      "Unknown option filename; did you mean name?",
    ],
    [
      "uploadFile",
      [{ name: "a" }],
      "Option data must be a Uint8Array, Blob, ReadableStream or async iterable of Uint8Array.",
    ],
  ])("%s(record, ...%j): %s", async (method, passed, message) => {
    const call = client[method]?.bind(client);
    await expect(call?.(record, ...passed)).rejects.toMatchObject({
      code: "ERR_KSM_ARGUMENT_INVALID",
      message,
    });
  });

  it.each([
    [undefined, noObject("SecretsManager")],
    [null, noObject("SecretsManager")],
    ["token", noObject("SecretsManager")],
    [{}, "Option storage must be a configuration storage such as fileStorage({ path })."],
    [
      { storage: "config.json" },
      "Option storage must be a configuration storage such as fileStorage({ path }).",
    ],
    [{ storage: memoryStorage(), tokn: "x" }, "Unknown option tokn; did you mean token?"],
    [{ storage: memoryStorage(), hostName: "x" }, "Unknown option hostName; did you mean hostname?"],
    [{ storage: memoryStorage(), middlewares: [] }, "Unknown option middlewares; did you mean middleware?"],
    [{ storage: memoryStorage(), proxyURL: "x" }, "Unknown option proxyURL; did you mean proxyUrl?"],
    [{ storage: memoryStorage(), fetch: {} }, "Option fetch must be a function."],
    [{ storage: memoryStorage(), ca: [1] }, "Option ca must be text or a list of texts."],
    [{ storage: memoryStorage(), sleep: 5 }, "Option sleep must be a function."],
  ])("new SecretsManager(%o): %s", (options, message) => {
    expect(() => new SecretsManager(options as never)).toThrow(
      expect.objectContaining({ code: "ERR_KSM_ARGUMENT_INVALID", message }),
    );
  });
});

it("every option of the client is known to the check", () => {
  expect(
    () =>
      new SecretsManager(
        clientOptions(vault, {
          userAgent: "test",
          timeoutMs: 5,
          totalTimeoutMs: Infinity,
          maxResponseBytes: 5,
          maxThrottleRetries: 0,
          onRetry() {},
          post: async (request, deadline, next) => next(request, deadline),
          middleware: [],
          clock: Date.now,
          random: (length) => new Uint8Array(length),
          sleep: async () => {},
          clientVersion: "ms17.5.0",
        }),
      ),
  ).not.toThrow();
});
