/** A device before it is bound: initialized without network, replaced by a new token, removed when refused. */
import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { encodeBase64, utf8Bytes } from "@ksmkit/common";
import type { Vault } from "@ksmkit/emulator";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { memoryStorage, textStorage } from "../../src/config/storage.ts";
import { fileStorage } from "../../src/node/file-storage.ts";
import type { PostFunction } from "../../src/transport/post.ts";
import { localClient, startLocalVault } from "./local-client.ts";

let vault: Vault;
let folder: string;
let path: string;

beforeAll(async () => {
  vault = await startLocalVault();
});
afterAll(() => vault.close());
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "ksm-initialize-"));
  path = join(folder, "client-config.json");
});
afterEach(async () => {
  vault.faults.clear();
  await rm(folder, { recursive: true });
});

const stored = async (): Promise<Record<string, string>> =>
  JSON.parse(await readFile(path, "utf8")) as Record<string, string>;

/** Answers the call that binds; whatever comes later reaches the vault. */
const firstAnswer = (status: number, body: string): PostFunction => {
  let calls = 0;
  return async (request, deadline, next) =>
    calls++ > 0 ? next(request, deadline) : { status, header: () => null, bytes: utf8Bytes(body) };
};

describe("initialize", () => {
  it("writes the initialized state without any request; bind and a later process go on from there", async () => {
    const from = vault.log.length;
    const manager = localClient(vault, { token: await vault.newToken(), storage: fileStorage({ path }) });
    expect(await manager.status()).toBe("empty");
    expect(await manager.initialize()).toBe("initialized");
    expect(Object.keys(await stored()).toSorted()).toEqual([
      "clientId",
      "clientKey",
      "hostname",
      "privateKey",
      "serverPublicKey",
      "serverPublicKeyId",
    ]);
    expect(vault.log.length).toBe(from);
    await manager.bind();
    expect([await manager.status(), await manager.initialize()]).toEqual(["bound", "bound"]);
    const later = localClient(vault, { token: undefined, storage: fileStorage({ path }) });
    expect([await later.status(), await later.initialize()]).toEqual(["reused", "reused"]);
  });

  it("binds {hostname, clientKey, privateKey}: the client id follows from the secret", async () => {
    const storage = memoryStorage();
    await localClient(vault, { token: await vault.newToken(), storage }).initialize();
    const { clientId, ...rest } = await storage.load();
    const reduced = memoryStorage(rest);
    const manager = localClient(vault, { token: undefined, storage: reduced });
    expect((await manager.getSecrets()).records.length).toBeGreaterThan(0);
    expect(await reduced.load()).toMatchObject({ clientId });
  });

  it("names the place and the missing token when there is nothing to start from", async () => {
    const manager = localClient(vault, { token: undefined, storage: fileStorage({ path }) });
    await expect(manager.getSecrets()).rejects.toMatchObject({
      code: "ERR_KSM_CONFIG_KEY_MISSING",
      message: expect.stringMatching(
        /There is no configuration in file .*client-config\.json, and no one-time token/,
      ),
    });
  });
});

describe("a configuration that never bound", () => {
  it("makes room for a new token, and is kept as a backup", async () => {
    const first = localClient(vault, {
      token: await vault.newToken(),
      storage: fileStorage({ path }),
      post: firstAnswer(502, ""),
      maxThrottleRetries: 0,
    });
    await expect(first.bind()).rejects.toMatchObject({ code: "ERR_KSM_TRANSPORT_REFUSED" });
    const before = await readFile(path, "utf8");
    const second = localClient(vault, { token: await vault.newToken(), storage: fileStorage({ path }) });
    expect(await second.bind()).toEqual({ justBound: true });
    expect(await readFile(`${path}.bak`, "utf8")).toBe(before);
    expect((await stat(`${path}.bak`)).mode & 0o777).toBe(0o600);
  });

  it("does not make room once it is bound", async () => {
    const storage = fileStorage({ path });
    await localClient(vault, { token: await vault.newToken(), storage }).bind();
    const before = await readFile(path, "utf8");
    await expect(
      localClient(vault, { token: await vault.newToken(), storage: fileStorage({ path }) }).bind(),
    ).rejects.toMatchObject({ code: "ERR_KSM_CONFIG_OTHER_CLIENT" });
    expect(await readFile(path, "utf8")).toBe(before);
  });

  it.each([
    ["bad_request", 400],
    ["access_denied", 403],
    ["not_found", 404],
  ])(
    "is removed when the first call is refused with %s, though another process wrote it",
    async (code, status) => {
      const token = await vault.newToken();
      const unreachable = localClient(vault, {
        token,
        storage: fileStorage({ path }),
        post: firstAnswer(502, ""),
      });
      await expect(unreachable.bind()).rejects.toThrow();
      const refused = localClient(vault, {
        token,
        storage: fileStorage({ path }),
        post: firstAnswer(status, JSON.stringify({ result_code: code, message: "no" })),
      });
      await expect(refused.bind()).rejects.toMatchObject({
        code: "ERR_KSM_BIND_FAILED",
        message: expect.stringContaining("make a new one-time token"),
      });
      await expect(stat(path)).rejects.toMatchObject({ code: "ENOENT" });
      const next = localClient(vault, { token: await vault.newToken(), storage: fileStorage({ path }) });
      expect(await next.bind()).toEqual({ justBound: true });
    },
  );

  it("leaves what the storage held besides a client when it is removed", async () => {
    await writeFile(path, JSON.stringify({ hostname: vault.ksm.hostname, note: "kept" }), { mode: 0o600 });
    const refused = localClient(vault, {
      token: await vault.newToken(),
      storage: fileStorage({ path }),
      post: firstAnswer(400, '{"result_code":"bad_request"}'),
    });
    await expect(refused.bind()).rejects.toMatchObject({ code: "ERR_KSM_BIND_FAILED" });
    expect(await stored()).toEqual({ hostname: vault.ksm.hostname, note: "kept" });
  });

  it.each([
    ["a gateway's page", 403, "<html>denied</html>"],
    ["an unregistered client version", 400, '{"result_code":"invalid_client_version"}'],
    ["a failing service", 503, '{"result_code":"unavailable"}'],
  ])("stays when the first answer is %s", async (_what, status, body) => {
    const token = await vault.newToken();
    const storage = fileStorage({ path });
    const failing = localClient(vault, { token, storage, post: firstAnswer(status, body) });
    await expect(failing.bind()).rejects.toThrow();
    expect(await failing.status()).toBe("initialized");
    expect(await localClient(vault, { token, storage: fileStorage({ path }) }).bind()).toEqual({
      justBound: true,
    });
  });

  it("keeps the enrolled key pair when the answer lacks the application key", async () => {
    const token = await vault.newToken();
    vault.faults.add({ kind: "merge", answer: { encryptedAppKey: "" }, times: 1 });
    const manager = localClient(vault, { token, storage: fileStorage({ path }) });
    await expect(manager.bind()).rejects.toMatchObject({
      code: "ERR_KSM_BIND_FAILED",
      message: expect.stringMatching(
        /key pair is kept .*try again; if that fails too, make a new one-time token/,
      ),
    });
    const { privateKey } = await stored();
    expect(await localClient(vault, { token, storage: fileStorage({ path }) }).bind()).toEqual({
      justBound: true,
    });
    expect(await stored()).toMatchObject({ privateKey });
  });
});

describe("messages of configuration texts", () => {
  const text = JSON.stringify({
    hostname: "keepersecurity.com",
    clientId: "secret-value",
    privateKey: "secret-value",
  });

  it.each([
    ["base64 cut short", encodeBase64(utf8Bytes(text)).slice(0, 41), "cut short or damaged"],
    ["base64 cut at a whole group", encodeBase64(utf8Bytes(text)).slice(0, 40), "cut short or damaged"],
    ["JSON cut short", text.slice(0, 40), "may be cut short"],
    ["something else", "?", "neither a JSON object nor base64"],
  ])("name the source of %s, never the content", (_what, damaged, message) => {
    let error: unknown;
    try {
      textStorage(damaged, { source: "KSM_CONFIG" });
    } catch (thrown) {
      error = thrown;
    }
    expect(error).toMatchObject({ code: "ERR_KSM_CONFIG_INVALID" });
    expect(String(error)).toMatch(new RegExp(`configuration from KSM_CONFIG.*${message}`));
    expect(String(error)).not.toContain("secret-value");
  });
});

describe("exportConfig", () => {
  it("writes the three forms and refuses others", async () => {
    const manager = localClient(vault, { token: await vault.newToken() });
    await manager.bind();
    const json = await manager.exportConfig();
    const base64 = await manager.exportConfig({ format: "base64" });
    expect(await manager.exportConfig({ format: "k8s", namespace: "apps" })).toBe(
      `apiVersion: v1\ndata:\n  config: ${base64}\nkind: Secret\nmetadata:\n  name: ksm-config\n  namespace: apps\ntype: Opaque\n`,
    );
    expect(JSON.parse(Buffer.from(base64, "base64").toString())).toEqual(JSON.parse(json));
    for (const options of [
      { format: "yaml" },
      { format: "toString" },
      { format: "k8s", name: "x\n  injected: y" },
      { format: "k8s", namespace: "Upper" },
    ]) {
      await expect(manager.exportConfig(options as never)).rejects.toMatchObject({
        code: "ERR_KSM_ARGUMENT_INVALID",
      });
    }
  });
});
