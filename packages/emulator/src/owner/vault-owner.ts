/** The vault's owner: what a person does in the vendor's vault and admin tools, for tests and seeding. */
import { type Clock, decodeBase64, encodeBase64, type Random, redact } from "@ksmkit/common";
import { VaultError } from "../errors/vault-error.ts";
import { parseSeedFile, parseSeedFolder, parseSeedRecord } from "../seed/seed-schema.ts";
import type { ParsedSeed } from "../seed/parsed-seed.ts";
import type { SeedFile, SeedFolder, SeedRecord } from "../seed/seed.ts";
import {
  type ClientState,
  type FolderState,
  nextRevision,
  type RecordState,
  type ServerState,
  removeRecord,
} from "../vault/state.ts";
import { sealGcm } from "../wire/aes.ts";
import { generateKeyPair } from "../wire/p256.ts";
import { generateUid, isUid } from "../wire/identifiers.ts";
import { addFolder, addRecord, applySeed, type SealingContext } from "./apply-seed.ts";
import { FolderDirectory } from "./folder-directory.ts";
import type { OwnerKeys } from "./owner-keys.ts";
import { notFound, type OwnedRecord, readDocument, readRecord, recordKeyOf } from "./read-record.ts";
import { makeFile, makeToken, sealDocument, type TokenOptions } from "./seal.ts";

/** What the owner is made from. */
export interface VaultOwnerOptions {
  readonly keys: OwnerKeys;
  readonly state: ServerState;
  readonly random: Random;
  readonly clock: Clock;
  /** Stores the vault after a change. */
  readonly save: () => Promise<void>;
}

/** A folder as its owner sees it. */
export interface OwnedFolder {
  readonly uid: string;
  readonly name: string;
  /** `null` for a shared folder. */
  readonly parent: string | null;
}

/** What a list of records shows. */
export interface RecordSummary {
  readonly uid: string;
  readonly title: string | undefined;
  readonly type: string | undefined;
}

/** A client device as the administrator sees it. */
export interface ClientSummary {
  readonly clientId: string;
  readonly name: string;
  /** `new`: token unused. `enrolled`: key known, app key still sent. `bound`: done. */
  readonly binding: "new" | "enrolled" | "bound";
}

/** Part of a stored record that {@link VaultOwner.corruptRecord} damages. */
export type CorruptiblePart = "data" | "recordKey";

/**
 * Acts as the vault's owner: creates, changes, shares, reads back. It holds every key, so it prints only its
 * name; the server part never refers to it.
 */
export class VaultOwner {
  readonly #context: SealingContext;
  readonly #save: () => Promise<void>;

  constructor(options: VaultOwnerOptions) {
    this.#context = options;
    this.#save = options.save;
    redact(this, () => "VaultOwner {}");
  }

  /** Adds everything in a validated seed. @internal */
  async applySeed(seed: ParsedSeed): Promise<void> {
    applySeed(this.#context, seed);
    await this.#save();
  }

  /** Makes a one-time token; the returned text is its only copy. */
  async newToken(options: TokenOptions = {}): Promise<string> {
    const { keys, state, random, clock } = this.#context;
    const { token, client } = makeToken(keys, options, clock(), random);
    state.clients.set(client.clientId, client);
    await this.#save();
    return token;
  }

  /** Adds a folder; without `parent` a shared folder. Returns its UID. */
  async addFolder(folder: SeedFolder): Promise<string> {
    const { uid } = addFolder(this.#context, this.#directory(), parseSeedFolder(folder));
    await this.#save();
    return uid;
  }

  /** Adds a record in the form of a seed. Returns its UID. */
  async addRecord(record: SeedRecord): Promise<string> {
    const { state, random } = this.#context;
    const parsed = parseSeedRecord(record);
    const uid = parsed.uid ?? generateUid(random);
    addRecord(this.#context, this.#directory(), parsed, uid, (reference) =>
      reference === uid || state.records.has(reference) ? reference : undefined,
    );
    await this.#save();
    return uid;
  }

  /** Replaces a record's document; its revision goes up. */
  async updateRecord(uid: string, document: Readonly<Record<string, unknown>>): Promise<void> {
    const { keys, state, random } = this.#context;
    const record = this.#record(uid);
    record.data = sealDocument(recordKeyOf(keys, record), document, random);
    record.revision = nextRevision(state);
    await this.#save();
  }

  /** Attaches a file; the record's document is left alone. Returns the file's UID. */
  async addFile(recordUid: string, file: SeedFile): Promise<string> {
    const { keys, state, random, clock } = this.#context;
    const record = this.#record(recordUid);
    const made = makeFile(keys, recordKeyOf(keys, record), parseSeedFile(file), clock(), random);
    state.files.set(made.file.uid, made.file);
    record.files.push(made.link);
    record.revision = nextRevision(state);
    await this.#save();
    return made.file.uid;
  }

  /** Removes a record. */
  async removeRecord(uid: string): Promise<void> {
    removeRecord(this.#context.state, this.#record(uid));
    await this.#save();
  }

  /** Opens a record with all its files and proves that every share wraps the right key. */
  readRecord(uid: string): OwnedRecord {
    const { keys, state } = this.#context;
    return readRecord(keys, state, this.#directory(), this.#record(uid));
  }

  /** Opens every folder's name. */
  readFolders(): OwnedFolder[] {
    const directory = this.#directory();
    return [...this.#context.state.folders.values()].map((folder) => ({
      uid: folder.uid,
      name: directory.name(folder),
      parent: folder.parent,
    }));
  }

  /**
   * Titles and types of the first records, in order; nothing else of them is read.
   *
   * @returns `title` and `type` are `undefined` for a record that does not open; `count` is that of all records
   */
  recordSummaries(limit: number = Number.POSITIVE_INFINITY): { records: RecordSummary[]; count: number } {
    const { keys, state } = this.#context;
    const records: RecordSummary[] = [];
    for (const record of state.records.values()) {
      if (records.length >= limit) break;
      records.push(summarise(keys, record));
    }
    return { records, count: state.records.size };
  }

  /** UIDs of all records, in order. */
  recordUids(): string[] {
    return [...this.#context.state.records.keys()];
  }

  /** Shares a record directly with the application, or changes how it is shared. */
  async shareRecord(uid: string, options: { editable?: boolean } = {}): Promise<void> {
    const { keys, random } = this.#context;
    const record = this.#record(uid);
    const recordKey = encodeBase64(sealGcm(keys.appKey, recordKeyOf(keys, record), random));
    record.share = { recordKey, editable: options.editable ?? true };
    await this.#save();
  }

  /** Ends a record's direct share; its places in folders stay. */
  async unshareRecord(uid: string): Promise<void> {
    this.#record(uid).share = null;
    await this.#save();
  }

  /** Shares a top folder with the application, or changes how it is shared. */
  async shareFolder(uid: string, options: { editable?: boolean } = {}): Promise<void> {
    const root = this.#root(uid);
    root.shared = true;
    root.editable = options.editable ?? true;
    await this.#save();
  }

  /** Ends a folder's share: it and everything in it vanish for clients. */
  async unshareFolder(uid: string): Promise<void> {
    this.#root(uid).shared = false;
    await this.#save();
  }

  /** Shows a record in one more folder, named by UID or name. */
  async addShortcut(uid: string, folder: string): Promise<void> {
    const { keys, random } = this.#context;
    const record = this.#record(uid);
    const directory = this.#directory();
    const found = directory.find(folder, "The folder");
    if (found === undefined) throw notFound("folder of that UID or name");
    record.placements.push({
      folderUid: found.root,
      subFolderUid: found.parent === null ? null : found.uid,
      recordKey: encodeBase64(sealGcm(directory.rootKey(found), recordKeyOf(keys, record), random)),
    });
    await this.#save();
  }

  /**
   * Adds a server key and makes it the only active one; clients are sent to it with a `key` refusal.
   *
   * @returns id and base64url point of the key now active
   */
  async rotateServerKey(id?: number): Promise<{ serverPublicKeyId: string; serverPublicKey: string }> {
    const { state } = this.#context;
    const next = id ?? Math.max(...state.serverKeys.keys()) + 1;
    if (!Number.isSafeInteger(next) || next < 1) {
      throw new VaultError("ERR_VAULT_OPTION", "A server key id must be a positive integer");
    }
    const key = state.serverKeys.get(next) ?? { id: next, ...generateKeyPair() };
    state.serverKeys.set(next, key);
    state.activeKeyId = next;
    await this.#save();
    return {
      serverPublicKeyId: String(next),
      serverPublicKey: Buffer.from(key.publicKey).toString("base64url"),
    };
  }

  /** Lists the client devices, oldest first. */
  clients(): ClientSummary[] {
    return [...this.#context.state.clients.values()].map(
      ({ clientId, name, publicKey, encryptedAppKey }) => ({
        clientId,
        name,
        binding: publicKey === null ? "new" : encryptedAppKey === null ? "bound" : "enrolled",
      }),
    );
  }

  /** Lets a client (or an unused token) expire now. */
  async expireClient(clientId: string): Promise<void> {
    const client = this.#client(clientId);
    client.accessExpiresAt = this.#context.clock();
    client.firstAccessExpiresAt = client.accessExpiresAt;
    await this.#save();
  }

  /** Removes a client: its requests are refused from now on. */
  async removeClient(clientId: string): Promise<void> {
    this.#context.state.clients.delete(this.#client(clientId).clientId);
    await this.#save();
  }

  /** Damages one stored blob of a record for good, as bad storage would. */
  async corruptRecord(uid: string, part: CorruptiblePart = "data"): Promise<void> {
    const record = this.#record(uid);
    if (part === "data") record.data = damaged(record.data);
    else {
      record.placements = record.placements.map((place) => ({
        ...place,
        recordKey: damaged(place.recordKey),
      }));
      if (record.share !== null)
        record.share = { ...record.share, recordKey: damaged(record.share.recordKey) };
    }
    await this.#save();
  }

  #directory(): FolderDirectory {
    return new FolderDirectory(this.#context.keys, this.#context.state);
  }

  #record(uid: string): RecordState {
    const record = this.#context.state.records.get(uid);
    if (record === undefined) throw notFound(isUid(uid) ? `record ${uid}` : "record of that UID");
    return record;
  }

  #root(uid: string): FolderState {
    const folder = this.#context.state.folders.get(uid);
    if (folder === undefined || folder.parent !== null) throw notFound("shared folder of that UID");
    return folder;
  }

  #client(clientId: string): ClientState {
    const client = this.#context.state.clients.get(clientId);
    if (client === undefined) throw notFound("client of that id");
    return client;
  }
}

function summarise(keys: OwnerKeys, record: RecordState): RecordSummary {
  const { uid } = record;
  try {
    const { title, type } = readDocument(keys, record);
    const text = (value: unknown): string | undefined => (typeof value === "string" ? value : undefined);
    return { uid, title: text(title), type: text(type) };
  } catch (error) {
    // A record that a client sealed wrongly is still in the list.
    if (!(error instanceof VaultError)) throw error;
    return { uid, title: undefined, type: undefined };
  }
}

/** Flips the last bit of a base64 blob: a GCM tag no longer fits. */
function damaged(text: string): string {
  const bytes = decodeBase64(text) ?? new Uint8Array(1);
  bytes.set([(bytes.at(-1) ?? 0) ^ 1], bytes.length - 1);
  return encodeBase64(bytes);
}
