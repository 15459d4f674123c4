/** Moving 512 MiB up and down: time against node:crypto's bare AES-256-GCM over as many bytes, and memory. */
import { fork } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdtemp, open, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { memoryStorage, SecretsManager } from "@ksmkit/core";
import { startVault } from "@ksmkit/emulator";
import type { FileResult, FileTask } from "../clients/files.ts";
import { figure, type Figure } from "../harness/figure.ts";
import { median } from "../harness/statistics.ts";

const bytes = 0x2000_0000;
const maxMiB = 64;
/** At least 60 % of the cipher's rate. */
const maxTimes = 1 / 0.6;
/** In memory where there is such a place: the disk is not what is measured. */
const scratch = existsSync("/dev/shm") ? "/dev/shm" : tmpdir();

const script = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** Measures `rounds` times; the other side of the ratio is node:crypto, or the limit for memory. */
export async function fileFigures(rounds: number): Promise<Figure[]> {
  const folder = await mkdtemp(join(scratch, "ksmkit-bench-"));
  const keyHex = randomBytes(32).toString("hex");
  const store = fork(script("../harness/object-store.ts"), [keyHex, String(bytes)], { execArgv: [] });
  try {
    const [port] = (await once(store, "message")) as [number];
    const url = `http://127.0.0.1:${port}/`;
    await using vault = await startVault({
      rateLimit: false,
      faults: [{ endpoint: "add_file", kind: "merge", answer: { url }, times: "always" }],
    });
    const { hostname, oneTimeTokens, caFile = "", serverPublicKey, serverPublicKeyId } = vault.ksm;
    const ca = await readFile(caFile, "utf8");
    const manager = new SecretsManager({
      storage: memoryStorage(),
      token: oneTimeTokens[0],
      hostname,
      serverPublicKey,
      serverPublicKeyId,
      ca,
    });
    const { uid: recordUid } = await manager.getRecordByTitle("Web shop");
    const config = await manager.exportConfig();
    const source = join(folder, "source");
    const handle = await open(source, "w");
    for (let done = 0; done < bytes; done += 0x100_0000) await handle.write(randomBytes(0x100_0000));
    await handle.close();
    const task: FileTask = {
      config,
      ca,
      recordUid,
      source,
      target: join(folder, "target"),
      bytes,
      url,
      keyHex,
    };
    const results: FileResult[] = [];
    for (let round = 0; round < rounds; round++) {
      const client = fork(script("../clients/files.ts"), [], { execArgv: [] });
      client.send(task);
      const [result] = (await once(client, "message")) as [FileResult];
      results.push(result);
    }
    const of = (name: keyof FileResult): number => median(results.map((result) => result[name]));
    const ms = (name: keyof FileResult): number => of(name) * 1000;
    return [
      figure(
        "512 MiB up, from disk, against the bare cipher",
        "ms",
        ms("uploadSeconds"),
        ms("cipherSeconds"),
        maxTimes,
      ),
      figure(
        "512 MiB up, from disk, against cipher and node:http",
        "ms",
        ms("uploadSeconds"),
        ms("bareUpSeconds"),
      ),
      figure(
        "512 MiB down, to disk, against the bare cipher",
        "ms",
        ms("downloadSeconds"),
        ms("cipherSeconds"),
        maxTimes,
      ),
      figure(
        "512 MiB down, to disk, against cipher and node:http",
        "ms",
        ms("downloadSeconds"),
        ms("bareDownSeconds"),
      ),
      figure("512 MiB up: memory above idle, against the limit", "MiB", of("uploadMiB"), maxMiB, 1),
      figure("512 MiB down: memory above idle, against the limit", "MiB", of("downloadMiB"), maxMiB, 1),
    ];
  } finally {
    store.disconnect();
    await rm(folder, { recursive: true, force: true });
  }
}
