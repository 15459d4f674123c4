/** A device configuration sealed under a key of a key service (kms-storage section 11). */
import { platformRandom, utf8Bytes, type Random } from "@ksmkit/common";
import { checkExpected, optionalValue, sameConfig } from "../config/config-values.ts";
import type { ConfigStorage, ConfigValues, SaveOptions } from "../config/storage.ts";
import { StorageError } from "../errors/errors.ts";
import type { ByteStore, ByteWrite, StoredBytes } from "./byte-store.ts";
import {
  type SealedWarning,
  type SealingOptions,
  checkSealingOptions,
  checkWrapper,
} from "./sealing-options.ts";
import { KeyService } from "./data-key.ts";
import { isEmptyDocument, nextDocument, type SealedDocument } from "./document.ts";
import { IdentityGuard } from "./identity.ts";
import { inspectBlob, type BlobReport } from "./inspect-blob.ts";
import type { KeyWrapper } from "./key-wrapper.ts";
import { openStored, type Opened } from "./open-stored.ts";
import { Sealer } from "./sealer.ts";
import { sameStored, StoreAccess } from "./store-access.ts";

/** Options of {@link sealedStorage}. */
export interface SealedStorageOptions extends SealingOptions {
  /** Where the bytes are stored. */
  store: ByteStore;
  /** The key they are sealed under. */
  wrapper: KeyWrapper;
}

/** Options of {@link SealedStorage.decryptConfig}. */
export interface DecryptConfigOptions {
  /** Also replaces what is stored by the configuration in the clear. The next save seals it again. Default: false. */
  save?: boolean | undefined;
}

/** A {@link ConfigStorage} whose content only a key service opens. */
export interface SealedStorage extends ConfigStorage {
  /** Inspects what is stored, without opening it and without the key service; `null` when nothing is. */
  inspect(): Promise<BlobReport | null>;
  /** Seals what is stored under a new data key of the same key. A configuration in the clear is sealed by it. */
  rotate(): Promise<void>;
  /**
   * Seals what is stored under another key, or the same key with other credentials. The new key must have both
   * encrypted and decrypted before anything is replaced; on any failure all stays as it was.
   */
  changeKey(wrapper: KeyWrapper): Promise<void>;
  /** The configuration as JSON text, as it is stored; `{}` when nothing is. */
  decryptConfig(options?: DecryptConfigOptions): Promise<string>;
  /** Removes whatever is stored, readable or not, and the generations kept of it. */
  deleteAll(): Promise<void>;
  /**
   * Drops what is in memory and closes the connections of the key wrapper. The storage can be used again; what was
   * saved over a read-only store is lost.
   */
  close(): Promise<void>;
}

/** How often an operation is repeated because another process wrote in between. */
const maxTries = 16;

/** Another process wrote between this one's reading and writing. */
class StoreChanged extends StorageError {}

/**
 * Creates a storage over a byte store and a key. Nothing is read or written and no call made before the first use.
 *
 * - Opening costs one call to the key service, saving none: the data key is kept, with a fresh nonce for each save.
 *   The first save to an empty place costs two, the second of which proves that the key also decrypts.
 * - Every layout of the official clients is read; see {@link SealingOptions} for those that need consent. Reading
 *   never rewrites a sealed configuration.
 * - What cannot be opened is an error and is left as it is; it never counts as "nothing stored yet".
 * - A configuration that names another client or host than `expect`, or than the one opened or saved before, is
 *   refused: a public key encrypts for everyone.
 * - Members of the stored document that are no configuration values are kept.
 * - Operations of one storage run one after the other; a store shared with other processes is read again before
 *   each write.
 *
 * Methods throw `StorageError`, of which `SealedError` (what is stored) and `KmsError` (the key service) are kinds.
 *
 * @throws {@link ArgumentError} `ERR_KSM_ARGUMENT_INVALID`
 * @example
 * ```ts
 * const storage = sealedStorage({ store: kubernetesSecret("ksm-device"), wrapper: awsKmsKey({ keyId: "alias/ksm" }) });
 * ```
 */
export function sealedStorage(options: SealedStorageOptions): SealedStorage {
  return new SealedConfig(options);
}

class SealedConfig implements SealedStorage {
  readonly description: string;
  readonly #options: SealedStorageOptions;
  readonly #random: Random;
  readonly #store: StoreAccess;
  readonly #identity: IdentityGuard;
  readonly #warned = new Set<SealedWarning["kind"]>();
  #sealer: Sealer;
  #opened: Opened | undefined;
  /** What this object wrote where nothing was stored. */
  #created: StoredBytes | undefined;
  /** Set while the configuration is in the clear because the caller asked for it. */
  #inTheClear = false;
  /** Set once a sealed configuration was opened or written here, until this object removes or decrypts it. */
  #wasSealed = false;
  #last: Promise<unknown> = Promise.resolve();

  constructor(options: SealedStorageOptions) {
    checkSealingOptions(options);
    checkWrapper(options.wrapper);
    this.#options = options;
    this.#random = options.random ?? platformRandom;
    this.#identity = new IdentityGuard(options.expect);
    this.#store = new StoreAccess(options.store, options.storeTimeoutMs ?? 30_000);
    this.#sealer = this.#sealerFor(this.#serviceFor(options.wrapper), options.verify ?? true);
    this.description = options.store.description;
  }

  load(): Promise<ConfigValues> {
    return this.#enqueue(async () => (await this.#openAndMigrate()).document.values);
  }

  save(values: ConfigValues, options?: SaveOptions): Promise<void> {
    return this.#enqueue(() =>
      this.#retry(async () => {
        const opened = await this.#open();
        const next = nextDocument(opened.document, values);
        checkExpected(opened.document.values, options, this.description);
        const unchanged = next.text === nextDocument(opened.document, opened.document.values).text;
        if (unchanged && (opened.state === "sealed" || opened.state === "nothing")) return;
        await this.#identity.checkSave(next.values);
        await this.#replace(opened, next, this.#sealer);
        await this.#identity.adopt(next.values);
      }),
    );
  }

  checkWritable(): Promise<void> {
    return this.#enqueue(async () => {
      const opened = await this.#open();
      if (!this.#store.isWritable) return this.#checkInMemory(opened);
      await this.#sealer.prove();
      // What this object has just written proves it already.
      if (this.#created === undefined || !sameStored(opened.stored, this.#created))
        await this.#store.checkWritable();
    });
  }

  discard(expected?: ConfigValues): Promise<void> {
    return this.#enqueue(async () => {
      const opened = expected && this.#store.isWritable ? await this.#open() : undefined;
      const mine =
        opened && sameConfig(opened.document.values, expected ?? {}) ? opened.stored : this.#created;
      if (mine === undefined || mine === null) return;
      const stored = await this.#store.read();
      // A configuration that another process wrote since is kept.
      if (sameStored(stored, mine)) await this.#remove(stored);
      this.#created = undefined;
    });
  }

  deleteAll(): Promise<void> {
    return this.#enqueue(() =>
      this.#retry(async () => {
        await this.#mapConflict(() => this.#store.remove());
        this.#forgetStored();
      }),
    );
  }

  inspect(): Promise<BlobReport | null> {
    return this.#enqueue(async () => {
      const stored = await this.#store.read();
      return stored && inspectBlob(stored.bytes);
    });
  }

  rotate(): Promise<void> {
    return this.#enqueue(() => this.#reseal(this.#sealer.service));
  }

  changeKey(wrapper: KeyWrapper): Promise<void> {
    checkWrapper(wrapper);
    return this.#enqueue(async () => {
      const before = this.#sealer.service.wrapper;
      await this.#reseal(this.#serviceFor(wrapper));
      if (before !== wrapper) await before.close?.();
    });
  }

  decryptConfig(options: DecryptConfigOptions = {}): Promise<string> {
    return this.#enqueue(() =>
      this.#retry(async () => {
        const opened = await this.#open();
        const { text } = opened.document;
        if (options.save && opened.stored !== null) {
          const bytes = utf8Bytes(text);
          await this.#write(bytes, { seen: opened.stored, plaintext: true, keepSeen: false });
          this.#inTheClear = true;
          this.#wasSealed = false;
          this.#opened = { stored: { bytes }, document: opened.document, state: "clear" };
        }
        return text;
      }),
    );
  }

  close(): Promise<void> {
    return this.#enqueue(async () => {
      // The next use calls the key service again.
      this.#sealer.forget();
      this.#opened = undefined;
      await this.#sealer.service.wrapper.close?.();
    });
  }

  /** Reads the store, and opens what it holds unless that is what was opened last. */
  async #open(): Promise<Opened> {
    const last = this.#opened;
    // What is saved over a read-only store exists in memory only.
    if (last !== undefined && !this.#store.isWritable) return last;
    const stored = await this.#store.read();
    const opened =
      last !== undefined && sameStored(stored, last.stored)
        ? { ...last, stored }
        : await openStored(stored, {
            options: this.#options,
            sealer: this.#sealer,
            store: this.#store,
            identity: this.#identity,
            allowPlaintext: this.#inTheClear,
            wasSealed: this.#wasSealed,
            warn: (kind, message) => this.#warn(kind, message),
          });
    this.#opened = opened;
    if (opened.state === "sealed") this.#hasBeenSealed();
    return opened;
  }

  /** Opens, and seals a configuration in the clear unless the options keep it so. */
  #openAndMigrate(): Promise<Opened> {
    return this.#retry(async () => {
      const opened = await this.#open();
      const { document, state } = opened;
      const migrate = (this.#options.plaintext ?? "migrate") === "migrate" && !this.#inTheClear;
      if (state !== "disclosed" && !(state === "clear" && migrate && !isEmptyDocument(document)))
        return opened;
      try {
        if (!this.#store.isWritable) throw this.#readOnly();
        await this.#replace(opened, nextDocument(document, document.values), this.#sealer);
        return this.#opened ?? opened;
      } catch (error) {
        if (!(error instanceof StorageError) || error.code !== "ERR_KSM_STORAGE_UNWRITABLE") throw error;
        if (error instanceof StoreChanged) throw error;
        this.#warn(
          "plaintext",
          `The configuration stays unprotected in ${this.description}: ${error.message}`,
        );
        return opened;
      }
    });
  }

  /** Puts a sealed document in the place of what was opened. */
  async #replace(
    opened: Opened,
    document: SealedDocument,
    sealer: Sealer,
    keepSeen?: boolean,
  ): Promise<void> {
    if (!this.#store.isWritable) {
      this.#opened = { ...opened, document };
      return;
    }
    const seen = opened.stored;
    const bytes = await sealer.seal(document.text, seen?.bytes.length);
    await this.#write(bytes, {
      seen,
      plaintext: false,
      keepSeen: keepSeen ?? opened.state === "sealed",
      // A sealed generation may be the only genuine one.
      keepOlder: keepSeen ?? (opened.state === "sealed" || opened.hasSealedBefore === true),
    });
    const stored = { bytes };
    if (seen === null || this.#created !== undefined) this.#created = stored;
    if (opened.state === "clear" && !this.#inTheClear && !isEmptyDocument(opened.document))
      this.#report(
        "migrated",
        `The configuration in ${this.description} was in the clear and has been sealed. Regard copies of it as disclosed; if you did not put it there, bind a new device.`,
      );
    this.#hasBeenSealed();
    this.#opened = { stored, document, state: "sealed" };
  }

  #hasBeenSealed(): void {
    this.#inTheClear = false;
    this.#wasSealed = true;
  }

  #write(bytes: Uint8Array | null, write: ByteWrite): Promise<void> {
    return this.#mapConflict(() => this.#store.write(bytes, write));
  }

  /** Runs a change of the store; a conflict with another process becomes a {@link StoreChanged}. */
  async #mapConflict(change: () => Promise<void>): Promise<void> {
    try {
      await change();
    } catch (error) {
      if (!(error instanceof StorageError) || error.code !== "ERR_KSM_STORAGE_CONFLICT") throw error;
      throw new StoreChanged(
        "ERR_KSM_STORAGE_UNWRITABLE",
        `Other processes keep writing ${this.description}.`,
        {
          cause: error,
          retryable: true,
        },
      );
    }
  }

  /** Seals what is stored under a new data key, then works with it. */
  async #reseal(service: KeyService): Promise<void> {
    if (!this.#store.isWritable) throw this.#readOnly();
    const sealer = this.#sealerFor(service, true);
    await this.#retry(async () => {
      const opened = await this.#open();
      const document = nextDocument(opened.document, opened.document.values);
      // What was sealed before may be the reason for the change: no copy stays.
      if (opened.state === "nothing") await sealer.prove();
      else await this.#replace(opened, document, sealer, false);
    });
    this.#sealer.forget();
    this.#sealer = sealer;
  }

  async #remove(stored: StoredBytes | null): Promise<void> {
    await this.#write(null, { seen: stored, plaintext: false, keepSeen: false });
    this.#forgetStored();
  }

  #forgetStored(): void {
    this.#opened = undefined;
    this.#identity.forget();
    this.#created = undefined;
    this.#inTheClear = false;
    this.#wasSealed = false;
  }

  #checkInMemory({ document }: Opened): void {
    if (this.#options.allowInMemory || optionalValue(document.values, "appKey") !== undefined) return;
    throw this.#readOnly(
      " Binding would spend its one-time token for this process only. Bind it in another storage first, or set allowInMemory.",
    );
  }

  #readOnly(hint = ""): StorageError {
    return new StorageError(
      "ERR_KSM_STORAGE_UNWRITABLE",
      `Cannot write ${this.description}: it is read-only.${hint}`,
    );
  }

  #serviceFor(wrapper: KeyWrapper): KeyService {
    return new KeyService(wrapper, this.#options.kmsTimeoutMs ?? 10_000);
  }

  #sealerFor(service: KeyService, verify: boolean): Sealer {
    const { layout = "standard", freshDataKey = false } = this.#options;
    return new Sealer({ service, random: this.#random, layout, verify, freshDataKey });
  }

  #warn(kind: SealedWarning["kind"], message: string): void {
    if (this.#warned.has(kind)) return;
    this.#warned.add(kind);
    this.#report(kind, message);
  }

  #report(kind: SealedWarning["kind"], message: string): void {
    this.#options.onWarning?.({ kind, message });
  }

  /** Operations run one after the other; a failure reaches its own caller only. */
  #enqueue<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#last.then(work);
    this.#last = result.catch(() => {});
    return result;
  }

  /** Runs `work` again when another process wrote between its reading and its writing. */
  async #retry<T>(work: () => Promise<T>): Promise<T> {
    for (let tries = 1; ; tries++) {
      try {
        return await work();
      } catch (error) {
        if (!(error instanceof StoreChanged) || tries === maxTries) throw error;
      }
    }
  }
}
