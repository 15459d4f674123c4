/** A caching function in the option `post`, as the vendor documents it: one slot for the last response. */
import type { Vault } from "@ksmkit/emulator";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { memoryStorage, type ConfigStorage } from "../../src/config/storage.ts";
import type { SecretsEditor } from "../../src/client/secrets-editor.ts";
import type { PostAnswer, PostFunction } from "../../src/transport/post.ts";
import { localClient, startLocalVault } from "./local-client.ts";

let vault: Vault;
let storage: ConfigStorage;
beforeEach(async () => {
  vault = await startLocalVault();
  storage = memoryStorage();
});
afterEach(() => vault.close());

/** Keeps the last response of any request and replays it when posting fails. */
function oneSlot(age?: Pick<PostAnswer, "source" | "fetchedAt">): PostFunction {
  let slot: { key: Uint8Array; answer: PostAnswer } | undefined;
  return async (request, deadline, next) => {
    try {
      const answer = await next(request, deadline);
      slot = { key: request.transmissionKey.key.slice(), answer };
      return answer;
    } catch (error) {
      if (slot === undefined) throw error;
      request.transmissionKey.key = slot.key.slice();
      return { ...slot.answer, ...age };
    }
  };
}

function clientWith(post: PostFunction): SecretsEditor {
  return localClient(vault, { storage, post, clock: () => 5_000 });
}

function breakService(): void {
  vault.faults.add({ kind: "drop", when: "before", times: "always" });
}

describe("after the read that binds the device", () => {
  it("replays that read, not the confirmation of the binding", async () => {
    const manager = clientWith(oneSlot());
    const online = await manager.getSecrets();
    breakService();
    const offline = await manager.getSecrets();
    expect(online.records.length).toBeGreaterThan(1);
    expect(offline.records.map(({ uid }) => uid)).toEqual(online.records.map(({ uid }) => uid));
  });

  it("replays one record when one was read", async () => {
    const { records } = await localClient(vault).getSecrets();
    const uid = records[0]?.uid ?? "";
    const manager = localClient(vault, { storage, post: oneSlot(), token: await vault.newToken() });
    await manager.getSecrets({ uids: uid });
    breakService();
    expect((await manager.getSecrets({ uids: uid })).records.map((record) => record.uid)).toEqual([uid]);
  });

  it("replays it also when the confirmation fails", async () => {
    const manager = clientWith(oneSlot());
    vault.faults.add({ kind: "drop", when: "before", after: 1, times: "always" });
    const online = await manager.getSecrets();
    expect(online.warnings).toEqual([expect.stringContaining("confirming it failed")]);
    const offline = await manager.getSecrets();
    expect(offline.records.map(({ uid }) => uid)).toEqual(online.records.map(({ uid }) => uid));
  });
});

it("takes no replayed response for one to the binding, and keeps the token usable", async () => {
  const post = oneSlot();
  await localClient(vault, { post }).getSecrets();
  const manager = localClient(vault, { storage, post, token: await vault.newToken() });
  vault.faults.add({ kind: "drop", when: "before", times: 1 });
  await expect(manager.getSecrets()).rejects.toMatchObject({
    code: "ERR_KSM_TRANSPORT_BAD_RESPONSE",
    retryable: true,
  });
  expect((await manager.getSecrets()).records.length).toBeGreaterThan(1);
});

it("is refused after a binding without a read, instead of being taken for an empty vault", async () => {
  const manager = clientWith(oneSlot());
  await manager.bind();
  breakService();
  await expect(manager.getSecrets()).rejects.toMatchObject({ code: "ERR_KSM_TRANSPORT_BAD_RESPONSE" });
});

describe("the source of a response", () => {
  it("is the cache when the function replays, of unknown age when it says nothing", async () => {
    const manager = clientWith(oneSlot());
    expect((await manager.getSecrets()).freshness).toEqual({ source: "service", fetchedAt: 5_000, ageMs: 0 });
    breakService();
    const { freshness } = await manager.getSecrets();
    expect(freshness).toEqual({ source: "cache", fetchedAt: 0, ageMs: 5_000 });
  });

  it("and its age are what the function says", async () => {
    const manager = clientWith(oneSlot({ source: "cache", fetchedAt: 3_000 }));
    await manager.getSecrets();
    breakService();
    const { freshness, records } = await manager.getSecrets();
    expect(freshness).toEqual({ source: "cache", fetchedAt: 3_000, ageMs: 2_000 });
    expect(records[0]?.freshness).toEqual(freshness);
  });

  it("is the service for a function that only passes on", async () => {
    const manager = clientWith((request, deadline, next) => next(request, deadline));
    await manager.bind();
    expect((await manager.getFolders()).freshness.source).toBe("service");
  });
});
