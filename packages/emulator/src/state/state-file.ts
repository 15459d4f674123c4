/** The state file: written whole and atomically, readable by its owner only, never overwritten unread. */
import { open, readFile, rename, rm } from "node:fs/promises";
import { resolve } from "node:path";
import { VaultError } from "../errors/vault-error.ts";
import { decodeSnapshot, encodeSnapshot, type VaultSnapshot } from "./snapshot.ts";

/** Stores one vault in one file. */
export class StateFile {
  readonly path: string;
  #writing: Promise<void> = Promise.resolve();
  #queued: Promise<void> | undefined;

  constructor(path: string) {
    this.path = resolve(path);
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
    const temporary = `${this.path}.${process.pid}.tmp`;
    try {
      const file = await open(temporary, "w", 0o600);
      try {
        await file.writeFile(encodeSnapshot(snapshot));
        await file.sync();
      } finally {
        await file.close();
      }
      await rename(temporary, this.path);
    } catch (error) {
      await rm(temporary, { force: true }).catch(() => undefined);
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
