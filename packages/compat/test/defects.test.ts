/** Defects of the official SDK that are not carried over (ksm-protocol section 22), each by its name. */
import { setImmediate } from "node:timers/promises";
import type { Vault } from "@ksmkit/emulator";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import {
  createFolder,
  createSecret,
  createSecret2,
  deleteSecret,
  downloadFile,
  getFolders,
  getSecrets,
  getSecretsByTitle,
  getTotpCode,
  inMemoryStorage,
  KeeperThrottleError,
  platform,
  tryGetNotationResults,
  updateFolder,
  updateSecret,
  uploadFile,
  type KeeperRecord,
  type SecretManagerOptions,
} from "../src/index.ts";
import { outcome } from "./support/outcome.ts";
import { joinFiles, newDevice, sdks, startLocalVault } from "./support/sdks.ts";

let vault: Vault;
let other: Vault;
let device: SecretManagerOptions;
let stranger: SecretManagerOptions;
let team = "";
const undo: (() => void)[] = [];
const names = ["official", "ours"] as const;

beforeAll(async () => {
  vault = await startLocalVault();
  other = await startLocalVault();
  device = await newDevice(sdks.ours, vault);
  stranger = await newDevice(sdks.ours, other);
  undo.push(joinFiles(sdks.ours, vault));
  await getSecrets(device);
  await getSecrets(stranger);
  team = (await getFolders(device)).find(({ name }) => name === "Team")?.folderUid ?? "";
});
afterAll(async () => {
  for (const back of undo) back();
  await Promise.all([vault.close(), other.close()]);
});

const document = { type: "login", title: "made", fields: [] };

async function read(uid: string): Promise<KeeperRecord> {
  const [record] = (await getSecrets(device, [uid])).records;
  if (record === undefined) throw new Error("not there");
  return record;
}

/** A bound device whose service gives these answers, the last of them for ever. */
async function cannedDevice(
  answers: { status: number; body: string }[],
): Promise<{ options: SecretManagerOptions; calls: () => number; config: Record<string, string> }> {
  let calls = 0;
  const config: Record<string, string> = { hostname: "x", clientId: "AAAA", appKey: "A".repeat(43) };
  const storage = inMemoryStorage(config);
  await platform.generatePrivateKey("privateKey", storage);
  return {
    config,
    calls: () => calls,
    options: {
      storage,
      throttleSleep: async () => {},
      queryFunction: async () => {
        const answer = answers[Math.min(calls++, answers.length - 1)];
        if (calls > 50) throw new Error("the loop has no end");
        return { statusCode: answer?.status ?? 0, headers: {}, data: Buffer.from(answer?.body ?? "") };
      },
    },
  };
}

describe("process-wide key table", () => {
  it("another application's read takes no keys away and lends none", async () => {
    const uid = await createSecret(device, team, document);
    const record = await read(uid);
    await getSecrets(stranger);
    await getFolders(stranger);
    record.data.title = "changed";
    await updateSecret(device, record);
    expect((await read(uid)).data.title).toBe("changed");
    const unknown = (await getSecrets(stranger)).records.find(({ data }) => data.title === "Web shop");
    await expect(updateSecret(device, { ...unknown!, revision: 1 })).rejects.toThrow(
      `Unable to load the key ${unknown?.recordUid}`,
    );
  });

  it("interleaved writes of two applications use their own keys", async () => {
    const folderOf = async (options: SecretManagerOptions): Promise<string> =>
      (await getFolders(options)).find(({ name }) => name === "Team")?.folderUid ?? "";
    const [mine, theirs] = [await folderOf(device), await folderOf(stranger)];
    const uids = await Promise.all(
      Array.from({ length: 40 }, (_, i) =>
        i % 2 ? createSecret(device, mine, document) : createSecret(stranger, theirs, document),
      ),
    );
    const owned = new Set((await getSecrets(device)).records.map(({ recordUid }) => recordUid));
    const foreign = new Set((await getSecrets(stranger)).records.map(({ recordUid }) => recordUid));
    expect(uids.every((uid, i) => (i % 2 ? owned : foreign).has(uid))).toBe(true);
  });

  it("a record is saved, and a file read, without a read in this process or after another one", async () => {
    const uid = await createSecret(device, team, document);
    const record = await read(uid);
    await uploadFile(device, record, { name: "f", title: "f", data: new Uint8Array([1, 2]) });
    const file = (await read(uid)).files?.[0];
    // Other records, an answer that fails, another application.
    await getSecretsByTitle(device, "Web shop");
    await expect(
      getSecrets({ ...device, queryFunction: async () => Promise.reject(new Error("down")) }),
    ).rejects.toThrow("down");
    await getSecrets(stranger);
    expect(await downloadFile(structuredClone(file!))).toEqual(Buffer.from([1, 2]));
    const fresh = { ...device, storage: { ...device.storage } };
    await updateSecret(fresh, { ...(await read(uid)), data: { ...document, title: "fresh" } });
    expect((await read(uid)).data.title).toBe("fresh");
  });

  it("a folder that was just made is renamed, and made in", async () => {
    const folderUid = await createFolder(device, { folderUid: team }, "New");
    await updateFolder(device, folderUid, "Newer");
    expect((await getFolders(device)).find((folder) => folder.folderUid === folderUid)?.name).toBe("Newer");
    const uid = await createSecret2(device, { folderUid: team, subFolderUid: folderUid }, document);
    expect((await read(uid)).innerFolderUid).toBe(folderUid);
  });

  it("records are made in a shared folder that holds none", async () => {
    const empty = (await getFolders(device)).find(({ name }) => name === "Empty")?.folderUid ?? "";
    const fresh = { ...device, storage: { ...device.storage } };
    const uid = await createSecret(fresh, empty, document);
    expect((await deleteSecret(device, [uid])).records[0]?.responseCode).toBe("ok");
  });
});

describe("endless server key rotation", () => {
  it("ends after three rotations, and keeps nothing", async () => {
    const { options, calls, config } = await cannedDevice([
      { status: 401, body: '{"error":"key","key_id":8}' },
      { status: 401, body: '{"error":"key","key_id":9}' },
    ]);
    await expect(getSecrets(options)).rejects.toThrow("keeps asking for server key 9");
    expect(calls()).toBe(4);
    expect(config["serverPublicKeyId"]).toBeUndefined();
  });

  it("an unknown id does not lock later calls out", async () => {
    const { options, config } = await cannedDevice([{ status: 401, body: '{"error":"key","key_id":99}' }]);
    await expect(getSecrets(options)).rejects.toThrow("Key number 99 is not supported");
    expect(config["serverPublicKeyId"]).toBeUndefined();
    const good = await cannedDevice([{ status: 401, body: '{"error":"key"}' }]);
    await expect(getSecrets(good.options)).rejects.toThrow("without saying which");
  });

  it("a custom key is not replaced, in the official words", async () => {
    const { options } = await cannedDevice([{ status: 401, body: '{"error":"key","key_id":8}' }]);
    const { serverPublicKey, serverPublicKeyId } = vault.ksm;
    await expect(getSecrets({ ...options, serverPublicKey, serverPublicKeyId })).rejects.toThrow(
      "Server rejected the custom server public key (id 10). The server suggested key id 8. Please update your IL5 KSM configuration.",
    );
  });
});

describe("hangs", () => {
  it("a query function that never settles ends after ten minutes", async () => {
    vi.useFakeTimers();
    try {
      const call = outcome(() => getSecrets({ ...device, queryFunction: () => new Promise(() => {}) }));
      await vi.advanceTimersByTimeAsync(599_000);
      await vi.advanceTimersByTimeAsync(2_000);
      expect(await call).toMatchObject({ error: expect.stringContaining("No answer within 600000 ms") });
    } finally {
      vi.useRealTimers();
    }
  });

  it("folders whose parents form a circle are left out", async () => {
    const wrap = async (): Promise<string> =>
      platform.bytesToBase64(await platform.encryptWithKey(new Uint8Array(32), new Uint8Array(32)));
    const folder = async (folderUid: string, parent: string): Promise<object> => ({
      folderUid,
      parent,
      folderKey: await wrap(),
      data: null,
    });
    const body = {
      folders: [
        await folder("A", "B"),
        await folder("B", "A"),
        await folder("C", "C"),
        await folder("D", "gone"),
      ],
    };
    const { options } = await cannedDevice([]);
    const problems: string[] = [];
    const folders = await getFolders({
      ...options,
      onProblem: ({ message }) => problems.push(message),
      queryFunction: async (_url, { key }) => ({
        statusCode: 200,
        headers: {},
        data: await platform.encryptWithKey(platform.stringToBytes(JSON.stringify(body)), key),
      }),
    });
    expect(folders).toEqual([]);
    expect(problems).toHaveLength(4);
  });

  it("random numbers are refused or drawn for every bound", async () => {
    await expect(platform.getRandomNumber(0)).rejects.toThrow(RangeError);
    await expect(platform.getRandomNumber(Number.NaN)).rejects.toThrow("must be a safe integer");
    expect(await platform.getRandomNumber(2 ** 33)).toBeLessThan(2 ** 33);
    await expect(platform.getRandomCharacterInCharset("")).rejects.toThrow("empty");
  });
});

describe("throttling", () => {
  it("is recognised with status 429 and in long bodies, and ends as before", async () => {
    const long = JSON.stringify({ path: "x".repeat(2000), error: "throttled" });
    const { options, calls } = await cannedDevice([
      { status: 429, body: "slow down" },
      { status: 403, body: long },
      { status: 429, body: "{}" },
    ]);
    const error = await getSecrets(options).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(KeeperThrottleError);
    expect(String(error)).toBe(
      "KeeperThrottleError: Request throttled by Keeper backend; exhausted 5 retries",
    );
    expect(calls()).toBe(6);
  });

  it("waits at least as long as asked, however long that is", async () => {
    const waits: number[] = [];
    const { options } = await cannedDevice([
      { status: 429, body: '{"error":"throttled","retry_after":7}' },
      { status: 429, body: '{"error":"throttled","retry_after":9999}' },
    ]);
    await outcome(() => getSecrets({ ...options, throttleSleep: async (ms) => void waits.push(ms) }));
    expect(waits[0]).toBeGreaterThanOrEqual(7000);
    expect(waits[0]).toBeLessThan(8751);
    expect(waits).toHaveLength(5);
    for (const wait of waits.slice(1)) {
      expect(wait).toBeGreaterThanOrEqual(9_999_000);
      expect(wait).toBeLessThanOrEqual(9_999_000 * 1.25);
    }
  });

  it("cuts none of its own waits of 11, 22, 44, 88, 176 s, each varied by a quarter", async () => {
    const waits: number[] = [];
    vi.spyOn(Math, "random").mockReturnValue(0.999);
    const { options } = await cannedDevice([{ status: 429, body: "slow down" }]);
    await outcome(() => getSecrets({ ...options, throttleSleep: async (ms) => void waits.push(ms) }));
    vi.restoreAllMocks();
    expect(waits.map((ms) => ms / 1249.5)).toEqual([11, 22, 44, 88, 176].map((s) => expect.closeTo(s, 1)));
  });
});

describe("writes", () => {
  it("leave the record as it was when the service refuses", async () => {
    const record = await read(
      await createSecret(device, team, {
        ...document,
        fields: [{ type: "fileRef", value: ["x".repeat(22)] }],
      }),
    );
    const before = structuredClone(record);
    const stale = { ...record, revision: 1 };
    await expect(
      uploadFile(device, stale, { name: "n", title: "t", data: new Uint8Array(1) }),
    ).rejects.toThrow("out_of_sync");
    await expect(updateSecret(device, stale, undefined, ["x".repeat(22)])).rejects.toThrow("out_of_sync");
    expect(record).toEqual(before);
    await updateSecret(device, record, undefined, ["x".repeat(22)]);
    expect(record.data.fields).toEqual([]);
  });

  it("name the file that a failed upload leaves behind", async () => {
    const record = await read(await createSecret(device, team, document));
    const { fileUpload } = platform;
    platform.fileUpload = async () => ({ statusCode: 503, statusMessage: "busy", headers: {} });
    const error = (await uploadFile(device, record, { name: "n", title: "t", data: new Uint8Array(1) }).catch(
      (thrown: unknown) => thrown,
    )) as Error & { cause: { fileUid: string } };
    platform.fileUpload = fileUpload;
    expect(error.message).toBe("Upload failed (busy), code 503");
    expect(record.data.fields).toEqual([{ type: "fileRef", value: [error.cause.fileUid] }]);
  });

  it("keep what else a folder's document holds", async () => {
    const { options } = await cannedDevice([]);
    const appKey = Buffer.alloc(32);
    const key = new Uint8Array(32).fill(3);
    const seal = async (data: Uint8Array, under: Uint8Array, cbc: boolean): Promise<string> =>
      platform.bytesToBase64(await platform.encryptWithKey(data, under, cbc));
    const folder = {
      folderUid: "F",
      folderKey: await seal(key, appKey, false),
      data: await seal(platform.stringToBytes('{"name":"old","color":"red"}'), key, true),
    };
    const sent: string[] = [];
    await updateFolder(
      {
        ...options,
        queryFunction: async (url, transmissionKey, { payload }) => {
          const open = await platform.decryptWithKey(payload, transmissionKey.key);
          const { data } = JSON.parse(platform.bytesToString(open)) as { data?: string };
          if (data)
            sent.push(
              platform.bytesToString(await platform.decryptWithKey(platform.base64ToBytes(data), key, true)),
            );
          const answer = url.endsWith("get_folders") ? JSON.stringify({ folders: [folder] }) : "";
          const body =
            answer && (await platform.encryptWithKey(platform.stringToBytes(answer), transmissionKey.key));
          return { statusCode: 200, headers: {}, data: body || new Uint8Array() };
        },
      },
      "F",
      "new",
    );
    expect(sent.map((text) => JSON.parse(text) as unknown)).toEqual([{ name: "new", color: "red" }]);
  });
});

describe("query functions", () => {
  it.each(names)("of %s that throw at once leave no rejection behind", async (name) => {
    const unhandled: unknown[] = [];
    const note = (reason: unknown): void => void unhandled.push(reason);
    process.on("unhandledRejection", note);
    try {
      const sdk = sdks[name];
      const refusing = {
        ...(await newDevice(sdk, vault, name === "ours" ? 2 : 3)),
        queryFunction: (): never => {
          throw new Error("thrown at once");
        },
      };
      for (const call of [
        () => sdk.getSecrets(refusing),
        () => sdk.getFolders(refusing),
        () => sdk.deleteSecret(refusing, ["x"]),
        () => sdk.getNotationResults(refusing, "keeper://x/type"),
      ]) {
        await expect(call()).rejects.toThrow("thrown at once");
      }
      // Rejections that nobody handles are told of once the microtasks are done.
      await setImmediate();
      expect(unhandled).toEqual([]);
    } finally {
      process.off("unhandledRejection", note);
    }
  });

  it("may give back anything that await takes", async () => {
    const { queryFunction, ...rest } = await newDevice(sdks.ours, vault, 4);
    const thenable: NonNullable<SecretManagerOptions["queryFunction"]> = (...call) =>
      ({
        // oxlint-disable-next-line unicorn/no-thenable -- it is what is tested
        then: (done: (answer: never) => void) => void queryFunction!(...call).then(done as never),
      }) as never;
    expect((await getSecrets({ ...rest, queryFunction: thenable })).records).not.toEqual([]);
    const answer = { statusCode: 500, headers: {}, data: Buffer.from("at once") };
    await expect(getSecrets({ ...rest, queryFunction: () => answer as never })).rejects.toThrow("at once");
  });
});

describe("downloads", () => {
  it("say so when the file is gone, instead of finding its content damaged", async () => {
    const [record] = await getSecretsByTitle(device, "Web shop");
    const file = record?.files?.[0];
    await expect(
      downloadFile({ ...file!, url: file?.url?.replace("content", "nothing") ?? "" }),
    ).rejects.toThrow(/Download of file .* failed, code 404/);
    await expect(downloadFile({ fileUid: "nobody", data: {} })).rejects.toThrow(
      "Unable to load the key nobody",
    );
  });
});

describe("console", () => {
  it("stays silent: problems go to who asked for them", async () => {
    const problems: Error[] = [];
    expect(
      await tryGetNotationResults(
        { ...device, onProblem: (problem) => problems.push(problem) },
        "nobody/type",
      ),
    ).toEqual([]);
    expect(problems.map(({ message }) => message)).toEqual([
      "Notation error - no records match record 'nobody'",
    ]);
    expect(await tryGetNotationResults(device, "nobody/type")).toEqual([]);
  });
});

describe("small things", () => {
  it("a record without data stands in no one's way", async () => {
    const records = [
      { recordUid: "a", revision: 1, data: null },
      { recordUid: "b", revision: 1, data: { title: "t" } },
    ];
    expect(await sdks.ours.findSecretByTitle(records, "t")).toBe(records[1]);
  });

  it("one-time codes of secrets with left-over bits are right", async () => {
    // RFC 4648 decoding of "JBSWY3DPEHPK3PXPAB" leaves bits over, which are no byte.
    const secret = "JBSWY3DPEHPK3PXPAA";
    expect(await getTotpCode(`otpauth://totp/x?secret=${secret}`, 59)).not.toBeNull();
    expect(await getTotpCode("otpauth://hotp/x?secret=JBSWY3DPEHPK3PXP", 59)).toBeNull();
    expect((await getTotpCode("otpauth://totp/x?secret=JBSWY3DPEHPK3PXP&digits=-1", 59))?.code).toMatch(
      /^\d{6}$/,
    );
  });
});
