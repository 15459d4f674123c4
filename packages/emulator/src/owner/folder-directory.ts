/** Finds folders by UID or name and opens folder keys, for the owner part only. */
import { decodeBase64, parseJsonObject, utf8Text } from "@ksmkit/common";
import { VaultError } from "../errors/vault-error.ts";
import type { FolderState, ServerState } from "../vault/state.ts";
import { keyLength, openCbc, openGcm } from "../wire/aes.ts";
import type { OwnerKeys } from "./owner-keys.ts";

/** The owner's view of the folder tree. Make a new one after clients may have changed folders. */
export class FolderDirectory {
  readonly #keys: OwnerKeys;
  readonly #state: ServerState;
  readonly #folderKeys = new Map<string, Uint8Array>();
  #byName: Map<string, FolderState[]> | undefined;

  constructor(keys: OwnerKeys, state: ServerState) {
    this.#keys = keys;
    this.#state = state;
  }

  /** Makes a folder findable by its name. */
  add(folder: FolderState, name: string): void {
    const index = this.#names();
    const namesakes = index.get(name);
    if (namesakes === undefined) index.set(name, [folder]);
    else if (!namesakes.includes(folder)) namesakes.push(folder);
  }

  /** The folder of that UID or name; `undefined` when there is none. An ambiguous name is an error. */
  find(reference: string, place: string): FolderState | undefined {
    const byUid = this.#state.folders.get(reference);
    if (byUid !== undefined) return byUid;
    const namesakes = this.#names().get(reference) ?? [];
    if (namesakes.length > 1) {
      throw new VaultError(
        "ERR_VAULT_SEED",
        `${place} names a folder by a name that several have; use its uid`,
      );
    }
    return namesakes[0];
  }

  /** The 32-byte key of a folder; a root's is under the app key, any other under its root's key. */
  key(folder: FolderState): Uint8Array {
    const known = this.#folderKeys.get(folder.uid);
    if (known !== undefined) return known;
    const wrapped = decodeBase64(folder.folderKey) ?? new Uint8Array();
    const key =
      folder.parent === null ? openGcm(this.#keys.appKey, wrapped) : openCbc(this.rootKey(folder), wrapped);
    if (key?.length !== keyLength) throw unreadable(`The key of folder ${folder.uid}`);
    this.#folderKeys.set(folder.uid, key);
    return key;
  }

  /** The key of the shared folder above, or of the folder itself when it is one. */
  rootKey(folder: FolderState): Uint8Array {
    const root = this.#state.folders.get(folder.root);
    if (root === undefined || root.parent !== null) throw unreadable(`The tree above folder ${folder.uid}`);
    return this.key(root);
  }

  /** The name inside the folder's sealed data. */
  name(folder: FolderState): string {
    const data = openCbc(this.key(folder), decodeBase64(folder.data) ?? new Uint8Array());
    const name = data === null ? undefined : parseJsonObject(utf8Text(data))?.["name"];
    if (typeof name !== "string") throw unreadable(`The data of folder ${folder.uid}`);
    return name;
  }

  #names(): Map<string, FolderState[]> {
    if (this.#byName !== undefined) return this.#byName;
    this.#byName = new Map();
    for (const folder of this.#state.folders.values()) {
      try {
        this.add(folder, this.name(folder));
      } catch (error) {
        // A folder that a client sealed wrongly can still be named by its UID.
        if (!(error instanceof VaultError)) throw error;
      }
    }
    return this.#byName;
  }
}

/** The error for ciphertext that the owner's keys do not open. */
export function unreadable(what: string): VaultError {
  return new VaultError("ERR_VAULT_UNREADABLE", `${what} does not open with the owner's keys`);
}
