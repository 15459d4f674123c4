/** Writing and reading large files in chunks, one of them under way while the next is worked on. */
import type { FileHandle } from "node:fs/promises";
import { releaseBytes } from "@ksmkit/common";

const writeBytes = 262_144;
const readBytes = 524_288;

/** Appends to a file through two buffers: one is filled while the other is written. */
export class ChunkWriter {
  readonly #handle: FileHandle;
  #buffer: Uint8Array = new Uint8Array(writeBytes);
  #other: Uint8Array = new Uint8Array(writeBytes);
  #length = 0;
  #writing: Promise<void> = Promise.resolve();

  constructor(handle: FileHandle) {
    this.#handle = handle;
  }

  /** Takes bytes for good: their memory is freed. Waits only when both buffers are full. */
  write(bytes: Uint8Array): void | Promise<void> {
    const part = bytes.subarray(0, writeBytes - this.#length);
    this.#buffer.set(part, this.#length);
    this.#length += part.length;
    if (part.length === bytes.length) return releaseBytes(bytes);
    return this.#next().then(() => this.write(bytes.subarray(part.length)));
  }

  /** Resolves once everything is written. */
  async flush(): Promise<void> {
    await this.#next();
    await this.#writing;
  }

  /** Resolves once nothing is under way any more, whether it worked or not. */
  async settle(): Promise<void> {
    await this.#writing.catch(() => {});
  }

  async #next(): Promise<void> {
    await this.#writing;
    this.#writing = append(this.#handle, this.#buffer.subarray(0, this.#length));
    // The next call rejects with its failure; until then it counts as handled.
    this.#writing.catch(() => {});
    [this.#buffer, this.#other] = [this.#other, this.#buffer];
    this.#length = 0;
  }
}

async function append(handle: FileHandle, bytes: Uint8Array): Promise<void> {
  for (let at = 0; at < bytes.length;) {
    at += (await handle.write(bytes, at, bytes.length - at)).bytesWritten;
  }
}

/** Reads a file from its start. A chunk is good until the next one is asked for. */
export async function* readChunks(handle: FileHandle): AsyncGenerator<Uint8Array> {
  let [buffer, other] = [new Uint8Array(readBytes), new Uint8Array(readBytes)];
  for (let next = handle.read(buffer); ;) {
    const { bytesRead } = await next;
    if (bytesRead === 0) return;
    const chunk = buffer.subarray(0, bytesRead);
    [buffer, other] = [other, buffer];
    next = handle.read(buffer);
    // Its failure is met above, unless the consumer ends before.
    next.catch(() => {});
    yield chunk;
  }
}
