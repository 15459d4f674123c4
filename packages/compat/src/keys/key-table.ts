/** Keys under names, for who calls the platform's functions directly. Names are looked up per storage. */
import { failure } from "../errors.ts";
import type { KeyValueStorage } from "../types/platform.ts";
import { keyRing, keysOf } from "./key-rings.ts";

/** Keeps keys in memory: apart for each storage, together for those imported without one. */
export class KeyTable {
  #ofStorages = new WeakMap<KeyValueStorage, Map<string, Uint8Array>>();
  readonly #loose = new Map<string, Uint8Array>();
  #count = 0;

  get isEmpty(): boolean {
    return this.#count === 0;
  }

  clear(): void {
    this.#ofStorages = new WeakMap();
    this.#loose.clear();
    this.#count = 0;
  }

  /** Keeps a key; in the storage too when `save` is set and there is one. */
  async keep(
    keyId: string,
    key: Uint8Array,
    storage: KeyValueStorage | undefined,
    save: boolean,
  ): Promise<void> {
    if (storage !== undefined && save) await storage.saveBytes(keyId, key);
    let keys = this.#loose;
    if (storage !== undefined) {
      keys = this.#ofStorages.get(storage) ?? new Map<string, Uint8Array>();
      this.#ofStorages.set(storage, keys);
    }
    // What the storage holds is read from there, so that a change of it counts.
    if (storage === undefined || !save) keys.set(keyId, key);
    this.#count++;
  }

  /** Every key of that name in reach, the likeliest first; at least one. Several only without a storage. */
  async candidates(keyId: string, storage: KeyValueStorage | undefined): Promise<readonly Uint8Array[]> {
    const found =
      storage === undefined
        ? undefined
        : (this.#ofStorages.get(storage)?.get(keyId) ??
          keyRing(storage).find(keyId) ??
          (await storage.getBytes(keyId)));
    const loose = found ?? this.#loose.get(keyId);
    if (loose !== undefined) return [loose];
    const ringed = storage === undefined ? keysOf(keyId).map(({ key }) => key) : [];
    if (ringed.length > 0) return ringed;
    throw failure(`Unable to load the key ${keyId}`);
  }

  /** The likeliest key of that name. */
  async load(keyId: string, storage: KeyValueStorage | undefined): Promise<Uint8Array> {
    const [key] = await this.candidates(keyId, storage);
    return key ?? new Uint8Array();
  }
}
