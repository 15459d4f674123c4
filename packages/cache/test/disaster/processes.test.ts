/** Several processes on one directory, some of them killed, one on a full disk. */
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { ServiceCall } from "@ksmkit/core";
import { afterEach, beforeEach, expect, it } from "vitest";
import { DisasterCache } from "../../src/disaster/disaster-cache.ts";
import { fileStore } from "../../src/node/file-store.ts";
import type { CacheEventKind } from "../../src/event.ts";

const program = fileURLToPath(new URL("programs/read-often.ts", import.meta.url));
let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "ksmkit-cache-"));
});
afterEach(() => rm(directory, { recursive: true }));

interface Run {
  kill: () => void;
  /** What it printed; "" when it was killed. */
  done: Promise<string>;
}

function start(name: string, times: string, fileLimit?: number): Run {
  const limit = fileLimit === undefined ? "" : `ulimit -f ${fileLimit}; `;
  const command = [
    process.execPath,
    "--conditions=ksmkit-source",
    "--no-warnings",
    program,
    directory,
    name,
    times,
  ];
  const child = spawn("/bin/sh", ["-c", `${limit}exec "$@"`, "sh", ...command], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  let output = "";
  child.stdout.on("data", (chunk: Buffer) => (output += chunk.toString()));
  const done = new Promise<string>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code, signal) => {
      if (code === 0 || signal === "SIGKILL") resolve(output);
      else reject(new Error(`a process ended with ${signal ?? code}`));
    });
  });
  return { kill: () => void child.kill("SIGKILL"), done };
}

/** How many entries there are, the ledger among them. */
async function stored(): Promise<number> {
  return (await readdir(directory)).filter((name) => !name.startsWith(".")).length;
}

/** What the store alone gives. */
async function offline(
  payload: ServiceCall["payload"],
): Promise<{ answer: unknown; events: CacheEventKind[] }> {
  const events: CacheEventKind[] = [];
  const cache = new DisasterCache({
    store: fileStore({ directory }),
    offline: "only",
    onEvent: ({ kind }) => events.push(kind),
  });
  const device = {
    hostname: "vault.example",
    clientId: "many",
    appKey: new Uint8Array(createHash("sha256").update("app key").digest()),
  };
  const call: ServiceCall = { endpoint: "get_secret", kind: "read", payload, fresh: false, device, wait: {} };
  const { json } = await cache.middleware(call, () => Promise.reject(new RangeError("offline")));
  return { answer: json, events };
}

it("processes that write at the same time lose and mix nothing", { timeout: 60_000 }, async () => {
  const names = ["0", "1", "2", "3"];
  const outputs = await Promise.all(names.map((name) => start(name, "10").done));
  expect(outputs).toEqual(names.map(() => "[]"));
  for (const name of names) {
    const { answer, events } = await offline({ requestedRecords: [`uid-${name}`] });
    expect(answer).toMatchObject({ records: [{ recordUid: `uid-${name}`, data: name.repeat(20_000) }] });
    expect(events).toEqual([]);
  }
  // Four records, one listing, one ledger, and no temp file.
  expect(await readdir(directory)).toHaveLength(6);
});

it("processes that are killed at any moment leave nothing broken", { timeout: 60_000 }, async () => {
  await start("0", "1").done;
  for (let round = 0; round < 3; round++) {
    const runs = ["a", "b"].map((name) => start(`${round}${name}`, "forever"));
    // Both are writing once both have written their first record.
    await expect.poll(stored, { timeout: 30_000, interval: 5 }).toBe(3 + 2 * (round + 1));
    for (const { kill } of runs) kill();
    await Promise.all(runs.map(({ done }) => done));
    const { answer, events } = await offline({ requestedRecords: ["uid-0"] });
    expect(answer).toMatchObject({ records: [{ recordUid: "uid-0", data: "0".repeat(20_000) }] });
    expect(events).toEqual([]);
  }
  // The next writer goes on where they were.
  expect(await start("3", "1").done).toBe("[]");
});

it("a full disk harms no online read and keeps what was stored", { timeout: 60_000 }, async () => {
  await start("0", "1").done;
  // Eight units of 512 bytes: the ledger fits, an answer does not.
  const events = JSON.parse(await start("1", "2", 8).done) as string[];
  expect(new Set(events)).toEqual(new Set(["store-failed"]));
  const { answer, events: none } = await offline({});
  expect(answer).toMatchObject({ appData: "0" });
  expect(none).toEqual([]);
  expect((await readdir(directory)).filter((name) => name.startsWith("."))).toEqual([]);
});
