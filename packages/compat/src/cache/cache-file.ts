/** The file behind the caching post function: sealed responses under names that are hashes. */
import {
  concatBytes,
  decodeBase64,
  encodeBase64,
  encodeBase64Url,
  isJsonObject,
  parseJsonObject,
  utf8Bytes,
  utf8Text,
  type JsonObject,
} from "@ksmkit/common";
import { provider } from "@ksmkit/core/internal";
import { FileError, readPrivateFile, writePrivateFile, type PrivateFileOptions } from "@ksmkit/common/files";
import { failure } from "../errors.ts";

/** A response as it was received, and the transmission key that opens it. */
export interface CachedAnswer {
  /** 32 bytes. */
  readonly key: Uint8Array;
  readonly body: Uint8Array;
}

const version = 1;
const keyLength = 32;
const maxEntries = 50;

/**
 * Responses to one client in a file that others may share. Each is sealed under a key derived from the application key
 * and its own name, so none can be passed off as another.
 */
export class CacheFile {
  readonly #path: string;
  readonly #appKey: Uint8Array;
  readonly #client: string;
  readonly #options: PrivateFileOptions;

  /**
   * @param client host and id of the client that the responses are for
   * @param onWarning called when others may read or replace the file
   */
  constructor(path: string, appKey: Uint8Array, client: string, onWarning?: (message: string) => void) {
    this.#path = path;
    this.#appKey = appKey;
    this.#client = client;
    this.#options = { onWarning };
  }

  /** The response stored under a name. */
  async load(name: string): Promise<CachedAnswer | null> {
    const place = await this.#placeOf(name);
    const sealed = entriesOf(await this.#read())[place.id];
    const blob = typeof sealed === "string" ? decodeBase64(sealed) : null;
    const opened = blob && (await provider.openGcm(place.key, blob));
    return opened && opened.length > keyLength ? split(opened) : null;
  }

  /** What the official SDK left in the file: its last response to anything, used if it holds records. */
  async loadOfficial(): Promise<CachedAnswer | null> {
    const bytes = await this.#read();
    if (bytes === null || parseJsonObject(utf8Text(bytes)) !== null || bytes.length <= keyLength) return null;
    const kept = split(bytes);
    const opened = await provider.openGcm(kept.key, kept.body);
    const answer = opened && parseJsonObject(utf8Text(opened));
    const lists = [answer, ...(Array.isArray(answer?.["folders"]) ? answer["folders"] : [])];
    return lists.some((list) => isJsonObject(list) && Array.isArray(list["records"])) ? kept : null;
  }

  /** Stores a response; the oldest is evicted where there are too many. */
  async save(name: string, { key, body }: CachedAnswer): Promise<void> {
    const place = await this.#placeOf(name);
    const sealed = encodeBase64(await provider.sealGcm(place.key, concatBytes(key, body)));
    await this.#change((entries) => {
      const others = Object.entries(entries).filter(([id]) => id !== place.id);
      return [...others, [place.id, sealed] as const].slice(-maxEntries);
    });
  }

  /** Removes every response to this client, and what the official SDK left in the file. */
  async purge(): Promise<void> {
    const prefix = await this.#prefix();
    await this.#change((entries) => Object.entries(entries).filter(([id]) => !id.startsWith(prefix)));
  }

  async #change(change: (entries: JsonObject) => (readonly [string, unknown])[]): Promise<void> {
    const update = (current: Uint8Array | null): Uint8Array => {
      const entries = Object.fromEntries(change(entriesOf(current)));
      return utf8Bytes(JSON.stringify({ version, entries }));
    };
    try {
      await writePrivateFile(this.#path, update, this.#options);
    } catch (error) {
      throw error instanceof FileError ? failure(error.message, error) : error;
    }
  }

  async #read(): Promise<Uint8Array | null> {
    try {
      return (await readPrivateFile(this.#path))?.bytes ?? null;
    } catch {
      // A file that cannot be read is no cache, whatever the reason.
      return null;
    }
  }

  /** The id of a name's entry, and the key that it is sealed under. */
  async #placeOf(name: string): Promise<{ id: string; key: Uint8Array }> {
    const bytes = await this.#derive(name, "ksmkit compat cache v1", 2 * keyLength);
    const id = (await this.#prefix()) + encodeBase64Url(bytes.subarray(keyLength));
    return { id, key: bytes.subarray(0, keyLength) };
  }

  /** First part of the ids of this client: entries of one client can be removed without knowing their names. */
  async #prefix(): Promise<string> {
    return `${encodeBase64Url(await this.#derive(this.#client, "ksmkit compat cache client", 16))}.`;
  }

  async #derive(name: string, purpose: string, length: number): Promise<Uint8Array> {
    return provider.hkdf(this.#appKey, await provider.sha256(utf8Bytes(name)), utf8Bytes(purpose), length);
  }
}

function entriesOf(bytes: Uint8Array | null): JsonObject {
  const content = bytes && parseJsonObject(utf8Text(bytes));
  const entries = content?.["version"] === version ? content["entries"] : undefined;
  return isJsonObject(entries) ? entries : {};
}

function split(bytes: Uint8Array): CachedAnswer {
  return { key: bytes.subarray(0, keyLength), body: bytes.subarray(keyLength) };
}
