/** The state file: written whole and atomically, private, never overwritten unread. A link in its place is replaced. */
import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { utf8Bytes } from "@ksmkit/common";
import { writePrivateFile } from "@ksmkit/common/files";
import { VaultError } from "../errors/vault-error.ts";
import { decodeSnapshot, encodeSnapshot, type VaultSnapshot } from "./snapshot.ts";

/** Stores one vault in one file. */
export class StateFile {
  readonly path: string;
  readonly #onWarning: ((message: string) => void) | undefined;
  #writing: Promise<void> = Promise.resolve();
  #queued: Promise<void> | undefined;

  /** @param onWarning called when others may replace the file */
  constructor(path: string, onWarning?: (message: string) => void) {
    this.path = resolve(path);
    this.#onWarning = onWarning;
  }

  /**
   * Reads the vault; `undefined` when the file does not exist.
   *
   * @throws {VaultError} `ERR_VAULT_STATE_INVALID` for an unreadable or foreign file, which is left as it is
   */
  async load(): Promise<VaultSnapshot | undefined> {
    let text: string;
    try {
      text = await readFile(this.path, "utf8");
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw this.#invalid("cannot be read", error);
    }
    let document: unknown;
    try {
      document = JSON.parse(text);
    } catch {
      // The parser's message would quote the file, which holds keys.
      throw this.#invalid("is not JSON");
    }
    return decodeSnapshot(document, (sentence) => this.#invalid(`is not valid: ${sentence}`));
  }

  /**
   * Writes the vault as it is when the write begins; resolves when that is on disk. Calls that come
   * while a write is under way share the next one.
   *
   * @throws {VaultError} `ERR_VAULT_STATE_WRITE`
   */
  save(snapshot: VaultSnapshot): Promise<void> {
    this.#queued ??= this.#writing.then(() => {
      this.#queued = undefined;
      const written = this.#write(snapshot);
      // The queue goes on after a failure; whoever waits for this write sees it.
      this.#writing = written.catch(() => undefined);
      return written;
    });
    return this.#queued;
  }

  async #write(snapshot: VaultSnapshot): Promise<void> {
    try {
      await writePrivateFile(this.path, utf8Bytes(encodeSnapshot(snapshot)), { onWarning: this.#onWarning });
    } catch (error) {
      throw new VaultError("ERR_VAULT_STATE_WRITE", `The state file ${this.path} cannot be written`, {
        cause: error,
      });
    }
  }

  #invalid(sentence: string, cause?: unknown): VaultError {
    return new VaultError("ERR_VAULT_STATE_INVALID", `The state file ${this.path} ${sentence}`, { cause });
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ENOENT";
}
