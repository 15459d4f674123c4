import type { Vault } from "@ksmkit/emulator";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { getNotation, tryGetNotation } from "../../src/notation/get-notation.ts";
import { exportEnv } from "../../src/references/export-env.ts";
import { resolve } from "../../src/references/resolve.ts";
import { openFolders } from "../../src/records/open-folders.ts";
import { KsmRecord } from "../../src/records/ksm-record.ts";
import { openSecrets } from "../../src/records/open-secrets.ts";
import { paddedJson } from "../../src/records/seal-json.ts";
import { localClient, startLocalVault } from "../client/local-client.ts";
import { providers } from "../crypto/providers.ts";
import { hugeJson, nested, recordJson, sharing, wireRecordOf } from "./hostile-records.ts";
import { newKey, sealed, sealedCbc } from "./sealed-answer.ts";

const deep = `{"a":${nested(20_000)}}`;
const deepValue = recordJson("Deep", `"custom":[{"type":"text","label":"x","value":${nested(20_000)}}]`);

/** A record that is fine between two that are not, and whether the one in front is left out. */
const cases: [name: string, json: string, reason: string | undefined][] = [
  ["a string of nine million characters beside 16 digits", hugeJson("Huge"), undefined],
  [
    "escapes by the hundred thousand",
    recordJson("Huge", `"notes":"${'\\"\\\\'.repeat(2e5)}1234567890123456"`),
    undefined,
  ],
  ["a number of 100 000 digits", recordJson("Huge", `"number":${"7".repeat(1e5)}`), undefined],
  ["20 000 levels", deep, "data-too-deep"],
  ["20 000 levels in a value", deepValue, "data-too-deep"],
  ["100 000 objects in each other", `${'{"a":'.repeat(1e5)}1${"}".repeat(1e5)}`, "data-too-deep"],
  ["501 levels", recordJson("Deep", `"notes":${nested(500)}`), "data-too-deep"],
  ["500 levels", recordJson("Deep", `"notes":${nested(499)}`), undefined],
  ["brackets that never close", "[".repeat(1e5), "data-too-deep"],
  ["no JSON", "x".repeat(1e4), "data-not-object"],
  ["nothing", "", "data-not-object"],
];

describe.each(providers)("openSecrets over %s", (_name, crypto) => {
  const appKey = newKey();

  it.each(cases)("%s harms no other record", async (_case, json, reason) => {
    const good = recordJson("Good");
    const records = [
      await wireRecordOf(appKey, "before", good),
      await wireRecordOf(appKey, "odd", json),
      await wireRecordOf(appKey, "after", good, ['{"name":"a.txt"}', '{"name":"b.txt"}']),
    ];
    const opened = await openSecrets({ records }, { appKey, crypto });
    const expected = reason === undefined ? [] : [{ kind: "record", uid: "odd", reason }];
    expect(opened.problems).toMatchObject(expected);
    const found = Object.fromEntries(opened.records.map(({ uid, files }) => [uid, files.length]));
    expect(found).toEqual({ before: 1, ...(reason === undefined && { odd: 1 }), after: 2 });

    const lazy = await openSecrets({ records: [...records] }, { appKey, crypto, lazy: true });
    const outcomes = await Promise.allSettled(lazy.records.map((record) => record.open()));
    const broken = { status: "rejected", reason: { code: "ERR_KSM_RECORD_BROKEN", recordUid: "odd" } };
    expect(outcomes).toMatchObject([
      { value: { files: [{}] } },
      reason === undefined ? { value: { files: [{}] } } : broken,
      { value: { files: [{}, {}] } },
    ]);
  });

  it("leaves out a file whose metadata nests too deep, and no other", async () => {
    const files = ['{"name":"a.txt"}', deep, '{"name":"b.txt"}'];
    const records = [await wireRecordOf(appKey, "R", recordJson("Files"), files)];
    const { records: opened, problems } = await openSecrets({ records }, { appKey, crypto });
    expect(opened[0]?.files.map(({ name }) => name)).toEqual(["a.txt", "b.txt"]);
    expect(problems).toMatchObject([{ kind: "file", recordUid: "R", reason: "data-too-deep" }]);
  });

  it("reports data of the application that nest too deep", async () => {
    const appData = await sealed(appKey, new TextEncoder().encode(deep));
    expect(await openSecrets({ appData }, { appKey, crypto })).toMatchObject({
      appData: undefined,
      problems: [{ kind: "appData", reason: "data-too-deep" }],
    });
  });

  it("opens every record of many batches around a broken one", async () => {
    const good = await wireRecordOf(appKey, "good", recordJson("Good"));
    const records = Array.from({ length: 300 }, () => ({ ...good }));
    records[150] = await wireRecordOf(appKey, "deep", deep);
    const { records: opened, problems } = await openSecrets({ records }, { appKey, crypto });
    expect([opened.length, problems.length]).toEqual([299, 1]);
    expect(opened.every(({ files }) => files.length === 1)).toBe(true);
  });

  it("a platform that fails half way fails the one call, and nothing else", async () => {
    const records = await Promise.all(["a", "b"].map((uid) => wireRecordOf(appKey, uid, recordJson(uid))));
    let batches = 0;
    const failing: typeof crypto = {
      ...crypto,
      // The third batch opens the keys of files: by then the records have their data.
      openAll(items) {
        if (items.length > 0 && ++batches === 3) throw new RangeError("Array buffer allocation failed");
        return crypto.openAll(items);
      },
    };
    await expect(openSecrets({ records }, { appKey, crypto: failing })).rejects.toThrow("allocation");
  });
});

it("reads the names of folders in linear time, NULs and nesting included", async () => {
  const appKey = newKey();
  const folder = async (uid: string, name: string): Promise<object> => {
    const key = newKey();
    return { folderUid: uid, folderKey: await sealed(appKey, key), data: await sealedCbc(key, name) };
  };
  const folders = [
    await folder("filled", `{"name":"Filled"}${"\0".repeat(1e5)}`),
    await folder("nuls", `${"\0".repeat(1e6)}x`),
    await folder("deep", deep),
  ];
  const opened = await openFolders({ folders }, { appKey });
  expect(opened.folders.map(({ name }) => name)).toEqual(["Filled"]);
  expect(opened.problems).toMatchObject([{ uid: "nuls" }, { uid: "deep" }]);
});

describe("a vault with records that are huge or nest 20 000 levels deep", () => {
  let vault: Vault;
  beforeAll(async () => {
    vault = await startLocalVault({ tokens: 20 });
  });
  afterAll(() => vault.close());

  const uid = (letter: string): string => letter.repeat(22);
  let token = 0;
  const client = () =>
    localClient(vault, {
      token: vault.ksm.oneTimeTokens[token++],
      middleware: sharing(async (appKey) => [
        await wireRecordOf(appKey, uid("D"), deep),
        await wireRecordOf(appKey, uid("V"), deepValue),
        await wireRecordOf(appKey, uid("H"), hugeJson("Huge")),
        await wireRecordOf(appKey, uid("G"), recordJson("Good")),
      ]),
    });

  it("getSecrets reports them and delivers the rest", async () => {
    const { records, problems } = await client().getSecrets();
    expect(problems.map((problem) => [problem.uid, problem.reason])).toEqual([
      [uid("D"), "data-too-deep"],
      [uid("V"), "data-too-deep"],
    ]);
    const found = records.filter((record) => [uid("H"), uid("G")].includes(record.uid));
    expect(found.map(({ title, files }) => [title, files.length])).toEqual([
      ["Huge", 1],
      ["Good", 1],
    ]);
    expect(problems[0]?.message).toBe(`record ${uid("D")} left out: its data nests deeper than 500 levels`);
  });

  it("resolve and exportEnv name the broken ones", async () => {
    const manager = client();
    const references = {
      good: "keeper://Good/field/login",
      huge: "keeper://Huge/field/login",
      deep: `keeper://${uid("D")}/field/login`,
      value: `keeper://${uid("V")}/custom_field/x`,
    };
    expect(await resolve(manager, references, { partial: true })).toMatchObject({
      values: { good: "anna", huge: "anna" },
      problems: [
        { name: "deep", code: "ERR_KSM_RECORD_BROKEN" },
        { name: "value", code: "ERR_KSM_RECORD_BROKEN" },
      ],
    });
    const exported = await exportEnv(manager, { records: [{ title: "Good" }] });
    expect({ ...exported.variables }).toEqual({ LOGIN: "anna" });
    await expect(exportEnv(manager, { records: [uid("V")] })).rejects.toMatchObject({
      code: "ERR_KSM_RESOLVE_INCOMPLETE",
      problems: [{ code: "ERR_KSM_RECORD_BROKEN" }],
    });
  });

  it("notation finds the others by title and uid, and says what is broken", async () => {
    const manager = client();
    expect(await getNotation(manager, "keeper://Good/field/login")).toEqual(["anna"]);
    expect(await getNotation(manager, `keeper://${uid("H")}/field/login`)).toEqual(["anna"]);
    await expect(getNotation(manager, `keeper://${uid("D")}/field/login`)).rejects.toMatchObject({
      code: "ERR_KSM_RECORD_BROKEN",
    });
    const codes: string[] = [];
    await tryGetNotation(manager, `keeper://${uid("V")}/custom_field/x`, {
      onError: ({ code }) => codes.push(code),
    });
    expect(codes).toEqual(["ERR_KSM_RECORD_BROKEN"]);
  });

  it("lazily fetched ones show it when they are used", async () => {
    const manager = client();
    const { records } = await manager.getSecrets({ lazy: true });
    const deepRecord = records.find((record) => record.uid === uid("D"));
    expect(() => deepRecord?.title).toThrow(expect.objectContaining({ code: "ERR_KSM_RECORD_BROKEN" }));
    expect(records.find((record) => record.uid === uid("H"))?.files).toHaveLength(1);
    expect((await manager.getRecordByTitle("Good", { lazy: true })).files).toHaveLength(1);
  });
});

it("a save writes large integers as they were, however large the rest", async () => {
  const appKey = newKey();
  const digits = "7".repeat(1e5);
  const odd = recordJson("Odd", `"a":-9007199254740993,"text":"12345678901234567890","b":${digits}`);
  const records = [await wireRecordOf(appKey, "H", hugeJson("Huge")), await wireRecordOf(appKey, "O", odd)];
  const { records: opened } = await openSecrets({ records }, { appKey });
  const [huge, small] = opened.map((record) =>
    new TextDecoder().decode(paddedJson(record.data, KsmRecord.stateOf(record).exactNumbers)).trimEnd(),
  );
  expect(huge === hugeJson("Huge")).toBe(true);
  expect(small).toBe(odd);
});

describe("the response itself", () => {
  it.each([
    ["nests deeper than 500 levels", { extra: JSON.parse(nested(600)) as unknown }],
    ["nests deeper than 500 levels", { records: JSON.parse(nested(3000)) as unknown }],
  ])("%s: a coded error", async (message, answer) => {
    const vault = await startLocalVault();
    const manager = localClient(vault);
    await manager.bind();
    vault.faults.add({ kind: "merge", answer });
    await expect(manager.getSecrets()).rejects.toMatchObject({
      code: "ERR_KSM_TRANSPORT_BAD_RESPONSE",
      message: expect.stringContaining(message) as string,
    });
    vault.faults.clear();
    expect((await manager.getSecrets()).problems).toEqual([]);
    await vault.close();
  });
});
