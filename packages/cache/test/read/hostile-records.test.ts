import { expect, it } from "vitest";
import { provider } from "@ksmkit/core/internal";
import type { Middleware } from "@ksmkit/core";
import { encodeBase64, utf8Bytes, type JsonObject } from "@ksmkit/common";
import { ReadCache } from "../../src/read/read-cache.ts";
import { memorySharedStore } from "../../src/shared/memory-shared-store.ts";
import { SharedCache } from "../../src/shared/shared-cache.ts";
import { boundClient, startLocalVault, TestClock } from "../support/local-client.ts";

const deepUid = "D".repeat(22);

async function deepRecord(appKey: Uint8Array): Promise<JsonObject> {
  const key = new Uint8Array(32).fill(7);
  const json = `{"a":${"[".repeat(20_000)}${"]".repeat(20_000)}}`;
  return {
    recordUid: deepUid,
    recordKey: encodeBase64(await provider.sealGcm(appKey, key)),
    data: encodeBase64(await provider.sealGcm(key, utf8Bytes(json))),
  };
}

it("a record that nests 20 000 levels deep is one problem in ReadCache and behind SharedCache", async () => {
  const vault = await startLocalVault();
  const clock = new TestClock();
  const hostile: Middleware = async (call, next) => {
    const { received: _, ...response } = await next(call);
    const { appKey } = call.device;
    if (appKey === undefined || call.endpoint !== "get_secret") return response;
    const others = Array.isArray(response.json["records"]) ? (response.json["records"] as JsonObject[]) : [];
    const records = [...others, await deepRecord(appKey)];
    return { ...response, json: { ...response.json, records } };
  };
  const shared = new SharedCache({ store: memorySharedStore(), clock: clock.read });
  const cache = new ReadCache({
    client: await boundClient(vault, clock, [shared.middleware, hostile]),
    clock: clock.read,
  });
  for (let i = 0; i < 2; i++) {
    const { records, problems } = await cache.getSecrets();
    expect(problems).toMatchObject([{ uid: deepUid, reason: "data-too-deep" }]);
    expect(records.length).toBeGreaterThan(3);
  }
  await expect(cache.getRecord(deepUid)).rejects.toMatchObject({ code: "ERR_KSM_RECORD_BROKEN" });
  await vault.close();
});
