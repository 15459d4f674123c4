/** A byte store with a time limit for each call, whose failures are storage errors. */
import { CodedError, Deadline, equalBytes } from "@ksmkit/common";
import { maxConfigSize } from "../config/config-text.ts";
import { StorageError } from "../errors/errors.ts";
import type { ByteStore, ByteWrite, StoredBytes } from "./byte-store.ts";

/** Reads and writes one {@link ByteStore}. */
export class StoreAccess {
  readonly #store: ByteStore;
  readonly #timeoutMs: number;

  constructor(store: ByteStore, timeoutMs: number) {
    this.#store = store;
    this.#timeoutMs = timeoutMs;
  }

  get description(): string {
    return this.#store.description;
  }

  /** False for a store without `write`. */
  get isWritable(): boolean {
    return this.#store.write !== undefined;
  }

  /** What to do when the content is damaged. */
  get recovery(): string {
    return this.#store.recovery ?? "Restore it from a backup";
  }

  /** What is stored. @throws {@link StorageError} `ERR_KSM_STORAGE_UNREADABLE` */
  read(): Promise<StoredBytes | null> {
    return this.#read(() => this.#store.read(), maxConfigSize);
  }

  /** The generation before, where it is kept. @throws {@link StorageError} `ERR_KSM_STORAGE_UNREADABLE` */
  async readPrevious(): Promise<StoredBytes | null> {
    return this.#read(async () => (await this.#store.readPrevious?.()) ?? null, maxConfigSize);
  }

  /** Removes what is stored, readable or not. @throws {@link StorageError} `ERR_KSM_STORAGE_UNWRITABLE`, `_CONFLICT` */
  async remove(): Promise<void> {
    if (this.#store.remove !== undefined)
      return this.#call("ERR_KSM_STORAGE_UNWRITABLE", async () => this.#store.remove?.());
    const seen = await this.#read(() => this.#store.read(), Infinity);
    await this.write(null, { seen, plaintext: false, keepSeen: false });
  }

  async #read(work: () => Promise<StoredBytes | null>, maxSize: number): Promise<StoredBytes | null> {
    const stored: unknown = await this.#call("ERR_KSM_STORAGE_UNREADABLE", work);
    if (stored === null || stored === undefined) return null;
    if (typeof stored !== "object" || !("bytes" in stored) || !(stored.bytes instanceof Uint8Array))
      throw this.#error("ERR_KSM_STORAGE_UNREADABLE", "it gave no bytes");
    if (stored.bytes.length > maxSize)
      throw this.#error("ERR_KSM_STORAGE_UNREADABLE", `it is larger than ${maxSize} bytes`);
    // A copy: the store may hand out what it keeps.
    return { ...(stored as StoredBytes), bytes: Uint8Array.from(stored.bytes) };
  }

  /** Replaces what is stored. @throws {@link StorageError} `ERR_KSM_STORAGE_UNWRITABLE`, `_CONFLICT` */
  async write(bytes: Uint8Array | null, write: ByteWrite): Promise<void> {
    await this.#call("ERR_KSM_STORAGE_UNWRITABLE", async () => {
      if (this.#store.write === undefined) throw this.#error("ERR_KSM_STORAGE_UNWRITABLE", "it is read-only");
      await this.#store.write(bytes, write);
    });
  }

  /** Checks that {@link write} will work, as far as the store can check it. */
  async checkWritable(): Promise<void> {
    await this.#call("ERR_KSM_STORAGE_UNWRITABLE", async () => this.#store.checkWritable?.());
  }

  async #call<T>(
    code: "ERR_KSM_STORAGE_UNREADABLE" | "ERR_KSM_STORAGE_UNWRITABLE",
    work: () => Promise<T>,
  ): Promise<T> {
    const deadline = new Deadline({ timeoutMs: this.#timeoutMs });
    try {
      return await deadline.race(work());
    } catch (error) {
      if (CodedError.isInstance(error)) throw error;
      const late = deadline.end === "timeout";
      throw this.#error(code, late ? `no answer within ${this.#timeoutMs} ms` : "it failed", error, late);
    } finally {
      deadline.stop();
    }
  }

  #error(
    code: "ERR_KSM_STORAGE_UNREADABLE" | "ERR_KSM_STORAGE_UNWRITABLE",
    reason: string,
    cause?: unknown,
    retryable = false,
  ): StorageError {
    const verb = code === "ERR_KSM_STORAGE_UNREADABLE" ? "read" : "write";
    return new StorageError(code, `Cannot ${verb} ${this.#store.description}: ${reason}.`, {
      cause,
      retryable,
    });
  }
}

/** True when both are nothing, or the same bytes. */
export function sameStored(a: StoredBytes | null, b: StoredBytes | null): boolean {
  return a === null || b === null ? a === b : equalBytes(a.bytes, b.bytes);
}
