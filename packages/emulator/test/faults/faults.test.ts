import { describe, expect, test } from "vitest";
import { type FaultRule, startVault, type Vault, type VaultOptions } from "../../src/index.ts";
import { openCbc, openGcm } from "../../src/wire/aes.ts";
import { bytes, list, RawClient, recordsOf } from "../support/raw-client.ts";

const start = (options: VaultOptions = {}): Promise<Vault> =>
  startVault({ listen: false, tokens: 1, ...options });
const url = "https://vault.test/api/rest/sm/v1/get_secret";

/** What a plain request sees, without opening it. */
async function bare(vault: Vault): Promise<{ status: number; body: Uint8Array; headers: Headers }> {
  const response = await vault.fetch(url, { method: "POST" });
  return {
    status: response.status,
    headers: response.headers,
    body: new Uint8Array(await response.arrayBuffer()),
  };
}

describe("rules", () => {
  test("apply in order, each to its endpoint and count, behind those that pass", async () => {
    await using vault = await start();
    const client = await RawClient.bound(vault);
    vault.faults.add(
      { endpoint: "get_folders", kind: "status", status: 503 },
      { endpoint: ["get_secret", "get_folders"], kind: "throttle", times: 2 },
      { endpoint: "get_secret", after: 1, kind: "key", keyId: 8 },
    );
    const statuses: number[] = [];
    for (const endpoint of [
      "get_secret",
      "get_folders",
      "get_folders",
      "get_secret",
      "get_secret",
      "get_secret",
    ]) {
      statuses.push((await client.send(endpoint)).status);
    }
    expect(statuses).toEqual([429, 503, 429, 200, 401, 200]);
    expect(vault.faults.pending).toBe(0);
    expect(vault.log.slice(-6).map(({ faults }) => faults.join())).toEqual([
      "throttle",
      "status",
      "throttle",
      "",
      "key",
      "",
    ]);
  });

  test("may last for ever, until cleared", async () => {
    await using vault = await start({ faults: [{ kind: "key", times: "always" }] });
    const client = new RawClient(vault);
    for (let i = 0; i < 5; i++)
      expect((await client.enrol()).json).toMatchObject({ error: "key", key_id: 99 });
    vault.faults.clear();
    expect((await client.enrol()).status).toBe(200);
  });

  test("may combine faults", async () => {
    const waits: number[] = [];
    const sleep = async (ms: number): Promise<void> => void waits.push(ms);
    await using vault = await start({ sleep });
    vault.faults.add({
      faults: [
        { kind: "latency", ms: 500 },
        { kind: "status", status: 500, body: { a: 1 } },
      ],
    });
    const { status, headers, body } = await bare(vault);
    expect([status, headers.get("content-type"), Buffer.from(body).toString()]).toEqual([
      500,
      "application/json",
      '{"a":1}',
    ]);
    expect(waits).toEqual([500]);
  });
});

describe("responses in place of the exchange", () => {
  test.each<[FaultRule, number, Record<string, unknown>]>([
    [{ kind: "throttle" }, 429, { error: "throttled" }],
    [{ kind: "throttle", status: 403, retryAfter: 2 }, 403, { error: "throttled", retry_after: 2 }],
    [{ kind: "throttle", retryAfter: "soon" }, 429, { retry_after: "soon" }],
    [{ kind: "key", keyId: 12 }, 401, { error: "key", key_id: 12 }],
    [{ kind: "key", keyId: "12" }, 401, { key_id: "12" }],
  ])("%j", async (rule, status, json) => {
    await using vault = await start();
    const client = await RawClient.bound(vault);
    vault.faults.add(rule);
    const response = await client.send("get_secret");
    expect(response.status).toBe(status);
    expect(response.json).toMatchObject(json);
  });

  test("a key demand without an id; a Retry-After header; a text body with headers", async () => {
    await using vault = await start();
    const client = await RawClient.bound(vault);
    vault.faults.add({ kind: "key", keyId: null }, { kind: "throttle", header: "7" });
    vault.faults.add({
      kind: "status",
      status: 302,
      body: "moved",
      headers: { location: "https://elsewhere.test/" },
    });
    expect((await client.send("get_secret")).json).not.toHaveProperty("key_id");
    expect((await bare(vault)).headers.get("retry-after")).toBe("7");
    const { status, headers } = await bare(vault);
    expect([status, headers.get("location")]).toEqual([302, "https://elsewhere.test/"]);
  });
});

describe("the connection", () => {
  test("dropped before: nothing was done", async () => {
    await using vault = await start();
    const client = new RawClient(vault);
    vault.faults.add({ kind: "drop", when: "before" });
    await expect(client.enrol()).rejects.toThrow(TypeError);
    expect(vault.owner.clients()[0]?.binding).toBe("new");
    expect(vault.log.at(-1)).toMatchObject({ status: undefined, outcome: "dropped" });
  });

  test.each(["after", "during"] as const)("dropped %s: it was committed all the same", async (when) => {
    await using vault = await start();
    const client = new RawClient(vault);
    vault.faults.add({ kind: "drop", when });
    await expect(client.enrol()).rejects.toMatchObject({ cause: { code: "ECONNRESET" } });
    expect(vault.owner.clients()[0]?.binding).toBe("enrolled");
    expect((await client.enrol()).status).toBe(200);
  });

  test("slow: the body comes in pieces, and an abort ends it", async () => {
    await using vault = await start();
    vault.faults.add({
      faults: [
        { kind: "garbage", bytes: 100 },
        { kind: "slow", ms: 20 },
      ],
    });
    expect((await bare(vault)).body).toHaveLength(100);
    vault.faults.add({ faults: [{ kind: "garbage" }, { kind: "slow", ms: 600_000 }] });
    const controller = new AbortController();
    const response = await vault.fetch(url, { method: "POST", signal: controller.signal });
    controller.abort(new Error("enough"));
    await expect(response.arrayBuffer()).rejects.toThrow("enough");
  });

  test("latency ends when the client aborts", async () => {
    await using vault = await start();
    vault.faults.add({ kind: "latency", ms: 600_000 });
    const signal = AbortSignal.timeout(10);
    await expect(vault.fetch(url, { method: "POST", signal })).rejects.toMatchObject({
      name: "TimeoutError",
    });
  });
});

describe("the body", () => {
  test.each<[FaultRule, number, number]>([
    [{ kind: "garbage" }, 200, 64],
    [{ kind: "garbage", bytes: 0 }, 200, 0],
    [{ kind: "oversize", bytes: 1_000_000 }, 200, 1_000_000],
    [{ kind: "truncate", bytes: 20 }, 400, 20],
  ])("%j", async (rule, status, length) => {
    await using vault = await start();
    vault.faults.add(rule);
    const response = await bare(vault);
    expect([response.status, response.body.length]).toEqual([status, length]);
    expect(response.headers.get("content-length")).toBe(String(length));
  });

  test("a wrong tag does not open; sealed text does", async () => {
    await using vault = await start();
    const client = await RawClient.bound(vault);
    vault.faults.add({ kind: "wrongTag" }, { kind: "plaintext", text: "[1]" });
    expect(await client.send("get_secret")).toEqual({ status: 200, json: {}, empty: false });
    expect((await client.send("update_secret", {})).status).toBe(400);
    vault.faults.add({ kind: "plaintext", text: "[1]" });
    expect((await client.send("get_secret")).json).toEqual([1]);
  });
});

describe("inside the sealed response", () => {
  test("members can be merged in", async () => {
    await using vault = await start();
    const client = await RawClient.bound(vault);
    vault.faults.add({ kind: "merge", answer: { warnings: ["careful"], extra: { a: 1 }, records: null } });
    expect((await client.send("get_secret")).json).toMatchObject({
      warnings: ["careful"],
      extra: { a: 1 },
      records: null,
    });
  });

  test("folders can come out of order, in a circle", async () => {
    await using vault = await start();
    const client = await RawClient.bound(vault);
    vault.faults.add({ kind: "shuffleFolders" }, { kind: "folderCycle" });
    const shuffled = list((await client.send("get_folders")).json["folders"]);
    expect(shuffled[0]?.["parent"]).not.toBeNull();
    const circle = list((await client.send("get_folders")).json["folders"]).filter(
      ({ parent }) => parent !== null,
    );
    expect(circle).toHaveLength(2);
    expect(new Set(circle.map(({ parent }) => parent))).toEqual(
      new Set(circle.map(({ folderUid }) => folderUid)),
    );
  });

  test.each([
    "recordKey",
    "recordData",
    "fileKey",
    "fileData",
    "folderKey",
    "folderData",
    "linkData",
    "appData",
  ] as const)("%s can be damaged in all three ways", async (part) => {
    await using vault = await start();
    const client = await RawClient.bound(vault);
    const endpoint = part === "folderData" ? "get_folders" : "get_secret";
    const read = async (): Promise<string> =>
      JSON.stringify((await client.send(endpoint, { requestLinks: true })).json).replaceAll(
        /https:[^"]+/g,
        "url",
      );
    const intact = await read();
    const corrupted = new Set<string>();
    for (const mode of ["flip", "null", "text"] as const) {
      vault.faults.add({ kind: "corrupt", part, mode });
      corrupted.add(await read());
    }
    expect(corrupted.size).toBe(3);
    expect(corrupted).not.toContain(intact);
    expect(await read()).toBe(intact);
  });

  test("one record can be damaged alone", async () => {
    await using vault = await start();
    const client = await RawClient.bound(vault);
    const [victim] = recordsOf((await client.send("get_secret")).json);
    vault.faults.add({
      kind: "corrupt",
      part: "recordData",
      uid: String(victim?.["recordUid"]),
      mode: "null",
    });
    const records = recordsOf((await client.send("get_secret")).json);
    expect(
      records
        .filter((record) => record["data"] === null)
        .every((r) => r["recordUid"] === victim?.["recordUid"]),
    ).toBe(true);
    expect(records.some((record) => record["data"] !== null)).toBe(true);
  });

  test("the client can be expired, everything read-only, items failing", async () => {
    await using vault = await start();
    const client = await RawClient.bound(vault);
    const [record] = recordsOf((await client.send("get_secret")).json);
    const recordUids = [record?.["recordUid"]];
    vault.faults.add({ kind: "expired" }, { kind: "readOnly", times: 2 }, { kind: "itemError", code: "odd" });
    expect((await client.send("get_secret")).json["message"]).toContain("expired");
    expect(
      recordsOf((await client.send("get_secret")).json).every(({ isEditable }) => isEditable === false),
    ).toBe(true);
    expect(
      list((await client.send("delete_secret", { recordUids })).json["records"])[0]?.["responseCode"],
    ).toBe("access_denied");
    expect(list((await client.send("delete_secret", { recordUids })).json["records"])[0]).toMatchObject({
      responseCode: "odd",
      errorMessage: "injected failure",
    });
  });
});

test("stored damage stays, and the owner sees it", async () => {
  await using vault = await start();
  const client = await RawClient.bound(vault);
  const [uid = ""] = vault.owner.recordUids();
  const opens = async (): Promise<boolean[]> => {
    const roots = await client.rootFolders();
    const [record] = recordsOf((await client.send("get_secret", { requestedRecords: [uid] })).json);
    const keys = [client.appKey, ...roots.map(({ key }) => key)];
    const key = keys
      .map((candidate) => openGcm(candidate, bytes(record?.["recordKey"])))
      .find((found) => found !== null);
    return [key !== undefined, openGcm(key ?? new Uint8Array(32), bytes(record?.["data"])) !== null];
  };
  expect(await opens()).toEqual([true, true]);
  await vault.owner.corruptRecord(uid);
  expect(await opens()).toEqual([true, false]);
  await vault.owner.corruptRecord(uid, "recordKey");
  expect(await opens()).toEqual([false, false]);
  expect(() => vault.owner.readRecord(uid)).toThrow(
    expect.objectContaining({ code: "ERR_VAULT_UNREADABLE" }),
  );
  expect(openCbc(new Uint8Array(32), new Uint8Array(5))).toBeNull();
});

describe("a script is refused", () => {
  test.each<[unknown, RegExp]>([
    [[{ kind: "nonsense" }], /rules\[0\]\.kind must be one of/],
    [[{ kind: "status" }], /rules\[0\]\.status/],
    [[{ kind: "status", status: 600 }], /at most 599/],
    [[{ kind: "latency", ms: -1 }], /ms/],
    [[{ kind: "latency", ms: 1e9 }], /at most/],
    [[{ kind: "drop", when: "sometimes" }], /before, after, during/],
    [[{ kind: "corrupt", part: "everything" }], /part/],
    [[{ kind: "merge" }], /answer must be an object/],
    [[{ kind: "key", keyId: true }], /keyId/],
    [[{ kind: "throttle", header: {} }], /header/],
    [[{ kind: "expired", times: 0 }], /times/],
    [[{ kind: "expired", after: -1 }], /after/],
    [[{ faults: [{ kind: "expired" }, 5] }], /faults\[1\] must be an object/],
    [[{ endpoint: 5, kind: "expired" }], /endpoint/],
    [{ rules: "x" }, /rules must be a list/],
    [5, /rules must be a list/],
    [[{ kind: "throttle", retryafter: 3 }], /rules\[0\]\.retryafter is not known; did you mean retryAfter\?/],
    [[{ kind: "expired", time: 2 }], /rules\[0\]\.time is not known; did you mean times\?/],
    [[{ kind: "expired", colour: 2 }], /rules\[0\]\.colour is not known; known members are kind, endpoint/],
    [[{ faults: [{ kind: "latency", ms: 1, times: 2 }] }], /rules\[0\]\.faults\[0\]\.times is not known/],
    [[{ kind: "expired", faults: [{ kind: "expired" }] }], /rules\[0\]\.kind is not known/],
    [{ rule: [] }, /rule is not known; did you mean rules\?/],
    [
      [{ kind: "status", status: 200, headers: { a: {} } }],
      /rules\[0\]\.headers\.a must be text or a number/,
    ],
    [[{ kind: "constructor" }], /rules\[0\]\.kind must be one of/],
  ])("%j", async (script, message) => {
    await expect(start({ faults: JSON.parse(JSON.stringify(script)) })).rejects.toMatchObject({
      code: "ERR_VAULT_FAULTS",
      message: expect.stringMatching(message),
    });
  });
});
