import type { FetchLike } from "@ksmkit/common";
import { describe, expect, test } from "vitest";
import { startVault } from "../../src/index.ts";
import { RawClient } from "../support/raw-client.ts";

const url = "https://any.host.test/api/rest/sm/v1/get_secret";

describe("vault.fetch", () => {
  test("fits the transport option of the clients", async () => {
    await using vault = await startVault({ listen: false, tokens: 0 });
    const fetch: FetchLike = vault.fetch;
    const response = await fetch(url, {
      method: "POST",
      headers: {},
      body: new Uint8Array(1),
      redirect: "manual",
    });
    expect(response.headers.get("content-type")).toBe("application/json");
  });

  test("takes every form of URL and body that fetch takes", async () => {
    await using vault = await startVault({ listen: false, tokens: 0 });
    const stream = new ReadableStream<Uint8Array>({
      start(controller) {
        controller.enqueue(new Uint8Array([1]));
        controller.close();
      },
    });
    const calls: [string | URL | Request, RequestInit | undefined][] = [
      [url, undefined],
      [new URL(url), { method: "POST", body: "text" }],
      [new Request(url, { method: "POST", body: "x" }), undefined],
      [url, { method: "POST", body: new Uint8Array([1]) }],
      [url, { method: "POST", body: new Blob(["x"]) }],
      [url, { method: "POST", body: stream }],
    ];
    for (const [target, init] of calls) expect((await vault.fetch(target, init)).status).toBe(400);
    expect(vault.log).toHaveLength(6);
  });

  test("rejects an aborted request before and while it is handled", async () => {
    await using vault = await startVault({ listen: false, tokens: 0 });
    await expect(vault.fetch(url, { signal: AbortSignal.abort(new Error("no")) })).rejects.toThrow("no");
    expect(vault.log).toHaveLength(0);
  });

  test("sends statuses that have no body", async () => {
    await using vault = await startVault({
      listen: false,
      tokens: 0,
      faults: [{ kind: "status", status: 204, body: "x" }],
    });
    const response = await vault.fetch(url);
    expect([response.status, response.body]).toEqual([204, null]);
  });
});

describe("vault.log", () => {
  test("shows the request, and no key, blob or full client id", async () => {
    const heard: string[] = [];
    const options = {
      listen: false,
      tokens: 1,
      clock: () => 42,
      onRequest: ({ endpoint }: { endpoint: string }) => void heard.push(endpoint),
    };
    await using vault = await startVault(options);
    const client = await RawClient.bound(vault);
    const [root] = await client.rootFolders();
    if (root === undefined) throw new Error("no folder");
    const payload = client.newRecord(root);
    await client.send("create_secret", payload);
    await client.send("get_secret", {
      requestedRecords: ["a", 5, "x".repeat(500)],
      requestLinks: true,
      other: {},
      list: [1],
    });
    const [create, read] = vault.log.slice(-2);
    expect(create).toEqual({
      at: 42,
      endpoint: "create_secret",
      method: "POST",
      client: client.clientId.slice(0, 8),
      clientVersion: "ms17.5.0",
      status: 200,
      outcome: "ok",
      faults: [],
      payload: {
        clientVersion: "ms17.5.0",
        clientId: "[88 characters]",
        recordUid: payload["recordUid"],
        folderUid: root.uid,
        recordKey: "[168 characters]",
        folderKey: "[80 characters]",
        data: expect.stringMatching(/^\[\d+ characters\]$/),
      },
    });
    expect(read?.payload).toMatchObject({
      requestedRecords: ["a", "[number]", `${"x".repeat(120)}…`],
      requestLinks: true,
      other: "[object]",
      list: "[1 items]",
    });
    expect(heard).toEqual(["get_secret", "get_secret", "get_folders", "create_secret", "get_secret"]);
    const text = JSON.stringify(vault.log);
    for (const secret of [
      payload["data"],
      payload["folderKey"],
      client.clientId,
      vault.ksm.oneTimeTokens[0],
    ]) {
      expect(text).not.toContain(secret);
    }
  });
});
