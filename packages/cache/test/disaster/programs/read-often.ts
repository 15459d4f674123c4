/**
 * Reads many times through a cache in a directory, beside other processes; prints the kinds of events it got.
 * Arguments: directory, number of this process, reads ("forever" for no end).
 */
import { createHash } from "node:crypto";
import type { ServiceCall } from "@ksmkit/core";
import { DisasterCache } from "../../../src/disaster/disaster-cache.ts";
import { fileStore } from "../../../src/node/file-store.ts";

const [directory = "", name = "0", times = "1"] = process.argv.slice(2);
const events: string[] = [];
const cache = new DisasterCache({
  store: fileStore({ directory }),
  storeTimeoutMs: 60_000,
  onEvent: ({ kind }) => events.push(kind),
});
const device = {
  hostname: "vault.example",
  clientId: "many",
  appKey: new Uint8Array(createHash("sha256").update("app key").digest()),
};
const records = [...new Set(["0", "1", "2", "3", name])].map((each) => ({
  recordUid: `uid-${each}`,
  data: each.repeat(20_000),
}));
const isAsked = ({ requestedRecords }: ServiceCall["payload"], uid: string): boolean =>
  !Array.isArray(requestedRecords) || requestedRecords.includes(uid);
const read = (payload: ServiceCall["payload"]): Promise<unknown> =>
  cache.middleware(
    { endpoint: "get_secret", kind: "read", payload, fresh: false, device, wait: { timeoutMs: 60_000 } },
    async () => ({
      json: { records: records.filter(({ recordUid }) => isAsked(payload, recordUid)), appData: name },
      source: "service",
      fetchedAt: Date.now(),
    }),
  );
for (let turn = 0; turn < (times === "forever" ? Infinity : Number(times)); turn++) {
  await read({ requestedRecords: [`uid-${name}`] });
  await read({});
}
process.stdout.write(JSON.stringify(events));
