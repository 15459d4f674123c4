/** Binding: processes that bind at once, wrong hosts, refused tokens, time limits while another caller binds. */
import { mkdtemp, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Vault } from "@ksmkit/emulator";
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from "vitest";
import type { SecretsEditor } from "../../src/client/secrets-editor.ts";
import { memoryStorage, type ConfigStorage } from "../../src/config/storage.ts";
import { fileStorage } from "../../src/node/file-storage.ts";
import type { PostFunction } from "../../src/transport/post.ts";
import { localClient, startLocalVault } from "./local-client.ts";

let vault: Vault;
let token: string;
let folder: string;
let path: string;

beforeAll(async () => {
  vault = await startLocalVault();
});
afterAll(() => vault.close());
beforeEach(async () => {
  token = await vault.newToken();
  folder = await mkdtemp(join(tmpdir(), "ksm-binding-"));
  path = join(folder, "config.json");
});
afterEach(async () => {
  vault.faults.clear();
  await rm(folder, { recursive: true });
});

it.each(Array.from({ length: 8 }, (_, round) => round))(
  "several clients that start with one token and one file all get in, round %i",
  async () => {
    const clients = Array.from({ length: 4 }, () =>
      localClient(vault, { token, storage: fileStorage({ path }) }),
    );
    const results = await Promise.all(clients.map((client) => client.getSecrets()));
    for (const { records } of results) expect(records.length).toBeGreaterThan(0);
    expect(await clients[0]?.status()).toBe("bound");
  },
);

it("takes over the configuration that another process has bound, instead of calling for a new token", async () => {
  const shared = memoryStorage();
  vault.faults.add({ kind: "drop", when: "before" });
  await expect(localClient(vault, { token, storage: shared }).bind()).rejects.toThrow();
  const initialized = await shared.load();
  await localClient(vault, { token, storage: shared }).bind();
  let loads = 0;
  // Read before the other process was done.
  const late: ConfigStorage = { ...shared, load: async () => (loads++ === 0 ? initialized : shared.load()) };
  const { records } = await localClient(vault, { token, storage: late }).getSecrets();
  expect(records.length).toBeGreaterThan(0);
});

it("a corrected hostname is used although the first attempt stored a wrong one", async () => {
  const storage = fileStorage({ path });
  const wrong = localClient(vault, { token, storage, hostname: "wrong.example" });
  vault.faults.add({ kind: "drop", when: "before" });
  await expect(wrong.bind()).rejects.toThrow();
  const hosts: string[] = [];
  const post: PostFunction = (request, deadline, next) => {
    hosts.push(new URL(request.url).host);
    return next(request, deadline);
  };
  await localClient(vault, { token, storage, hostname: "right.example", post }).bind();
  expect(new Set(hosts)).toEqual(new Set(["right.example"]));
});

it("the token's own host still wins over the option", async () => {
  const hosts: string[] = [];
  const post: PostFunction = (request, deadline, next) => {
    hosts.push(new URL(request.url).host);
    return next(request, deadline);
  };
  await localClient(vault, { token: `EU:${token}`, hostname: "other.example", post }).bind();
  expect(new Set(hosts)).toEqual(new Set(["keepersecurity.eu"]));
});

it("removes what an earlier process initialized once the token is refused, and says so", async () => {
  vault.faults.add({ kind: "drop", when: "before" });
  await expect(localClient(vault, { token, storage: fileStorage({ path }) }).bind()).rejects.toThrow();
  // Somebody spends the token elsewhere.
  await localClient(vault, { token }).bind();
  const restarted = localClient(vault, { token, storage: fileStorage({ path }) });
  const message = await restarted.bind().catch((error: unknown) => String(error));
  expect(message).toContain("was removed");
  await expect(stat(path)).rejects.toMatchObject({ code: "ENOENT" });
  const next = localClient(vault, { token: await vault.newToken(), storage: fileStorage({ path }) });
  expect(await next.bind()).toEqual({ justBound: true });
});

/** A client whose requests wait until they are let go. */
function heldClient(): { manager: SecretsEditor; letGo: () => void } {
  let letGo = (): void => {};
  const held = new Promise<void>((resolve) => {
    letGo = resolve;
  });
  const post: PostFunction = async (request, deadline, next) => {
    await held;
    return next(request, deadline);
  };
  return { manager: localClient(vault, { token, post }), letGo };
}

it("one caller's abort does not end the binding that another waits for", async () => {
  const { manager, letGo } = heldClient();
  const controller = new AbortController();
  const first = manager.getSecrets({ signal: controller.signal });
  const second = manager.getSecrets();
  controller.abort();
  await expect(first).rejects.toMatchObject({ code: "ERR_KSM_ABORTED" });
  letGo();
  expect((await second).records.length).toBeGreaterThan(0);
});

it("a caller's time limit holds while somebody else's binding is under way", async () => {
  const { manager, letGo } = heldClient();
  const patient = manager.getSecrets();
  await expect(manager.getSecrets({ timeoutMs: 5 })).rejects.toMatchObject({
    code: "ERR_KSM_TRANSPORT_TIMEOUT",
  });
  letGo();
  await patient;
});

it("a caller's time limit holds while the storage is being read", async () => {
  const never: ConfigStorage = { ...memoryStorage(), load: () => new Promise(() => {}) };
  await expect(
    localClient(vault, { token, storage: never }).getSecrets({ timeoutMs: 5 }),
  ).rejects.toMatchObject({
    code: "ERR_KSM_TRANSPORT_TIMEOUT",
    message: expect.stringContaining("configuration storage") as string,
  });
});

it("a readable configuration is announced by default", async () => {
  await localClient(vault, { token, storage: fileStorage({ path }) }).bind();
  const warnings: Error[] = [];
  const onWarning = (warning: Error): number => warnings.push(warning);
  process.on("warning", onWarning);
  const { chmod } = await import("node:fs/promises");
  await chmod(path, 0o644);
  await fileStorage({ path }).load();
  await new Promise((resolve) => {
    setImmediate(resolve);
  });
  process.off("warning", onWarning);
  expect(warnings.map(({ name, message }) => `${name}: ${message}`)).toEqual([
    expect.stringMatching(/^KsmStorageWarning: .*chmod 600/),
  ]);
  await writeFile(path, "{}");
});
