/** Moves one large file up and down in a process of its own, beside node:crypto's bare rate over as many bytes. */
import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";
import { once } from "node:events";
import { rm } from "node:fs/promises";
import { request, type IncomingMessage } from "node:http";
import { KsmFile, memoryStorage } from "@ksmkit/core";
import { SecretsEditor } from "@ksmkit/core/editor";
import { localFile, saveFile } from "@ksmkit/core/node";

/** What to move, and where. */
export interface FileTask {
  config: string;
  ca: string;
  recordUid: string;
  /** Local file to upload. */
  source: string;
  /** Where to download to. */
  target: string;
  bytes: number;
  /** Where the store serves the sealed blob. */
  url: string;
  keyHex: string;
}

/** Seconds and MiB. */
export interface FileResult {
  cipherSeconds: number;
  bareUpSeconds: number;
  bareDownSeconds: number;
  uploadSeconds: number;
  downloadSeconds: number;
  uploadMiB: number;
  downloadMiB: number;
}

function cipherSeconds(bytes: number): number {
  const chunk = randomBytes(65_536);
  const cipher = createCipheriv("aes-256-gcm", randomBytes(32), randomBytes(12));
  const started = performance.now();
  for (let done = 0; done < bytes; done += chunk.length) cipher.update(chunk);
  cipher.final();
  return (performance.now() - started) / 1000;
}

/** The bare exchanges: node:http with node:crypto, and nothing else. */
async function bareSeconds(url: string, bytes: number, up: boolean): Promise<number> {
  const chunk = randomBytes(65_536);
  const started = performance.now();
  const outgoing = request(url, up ? { method: "POST", headers: { "Content-Length": bytes } } : {});
  const responded = once(outgoing, "response") as Promise<[IncomingMessage]>;
  if (up) {
    const cipher = createCipheriv("aes-256-gcm", randomBytes(32), randomBytes(12));
    for (let done = 0; done < bytes; done += chunk.length) {
      if (!outgoing.write(cipher.update(chunk))) await once(outgoing, "drain");
    }
  }
  outgoing.end();
  const [incoming] = await responded;
  const decipher = createDecipheriv("aes-256-gcm", randomBytes(32), randomBytes(12));
  incoming.on("data", (received: Buffer) => decipher.update(received));
  await once(incoming, "end");
  return (performance.now() - started) / 1000;
}

/** Time of a task, and by how much the resident memory rose above where it started. */
async function measured(task: () => Promise<unknown>): Promise<{ seconds: number; mib: number }> {
  const idle = process.memoryUsage.rss();
  let peak = idle;
  const timer = setInterval(() => {
    peak = Math.max(peak, process.memoryUsage.rss());
  }, 5);
  const started = performance.now();
  await task();
  const seconds = (performance.now() - started) / 1000;
  clearInterval(timer);
  return { seconds, mib: (Math.max(peak, process.memoryUsage.rss()) - idle) / 1_048_576 };
}

async function run(task: FileTask): Promise<FileResult> {
  const { bytes, source, target, url, keyHex } = task;
  const manager = new SecretsEditor({ storage: memoryStorage(task.config), ca: task.ca });
  const record = await manager.getRecord(task.recordUid);
  await manager.uploadFile(record, { name: "small", data: new Uint8Array(16) });
  const wire = { fileUid: "benchmark", fileKey: "", data: "", url, thumbnailUrl: "" };
  // Its constructor is no part of the published types: the service's file would need a vault that holds it.
  const file: KsmFile = Reflect.construct(KsmFile, [wire, { size: bytes }, Buffer.from(keyHex, "hex")]);

  const up = await measured(async () => manager.uploadFile(record, await localFile(source)));
  const down = await measured(() => saveFile(manager, file, target));
  await rm(target);
  return {
    cipherSeconds: Math.min(cipherSeconds(bytes), cipherSeconds(bytes)),
    bareUpSeconds: await bareSeconds(url, bytes, true),
    bareDownSeconds: await bareSeconds(url, bytes, false),
    uploadSeconds: up.seconds,
    downloadSeconds: down.seconds,
    uploadMiB: up.mib,
    downloadMiB: down.mib,
  };
}

process.once("message", (task: FileTask) => {
  void run(task).then((result) => process.send?.(result, () => process.disconnect()));
});
