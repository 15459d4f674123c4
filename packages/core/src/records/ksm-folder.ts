/** A shared folder or one of its sub-folders (ksm-protocol section 11.3). */
import { KeyHolder } from "./key-holder.ts";

/** What a {@link KsmFolder} is made from. */
export interface FolderParts {
  uid: string;
  name: string;
  parentUid: string | undefined;
  rootUid: string;
  isEditable: boolean | undefined;
}

/** A folder, opened. Printing it shows its uids, not its name. */
export class KsmFolder extends KeyHolder {
  /** Uid of the folder. */
  readonly uid: string;
  /** Name; "" when none was stored. */
  readonly name: string;
  /** Uid of the direct parent; `undefined` for a shared folder. */
  readonly parentUid: string | undefined;
  /** Uid of the shared folder at the top; a shared folder names itself. */
  readonly rootUid: string;
  /** Whether this client may write; `undefined` when the service did not say. */
  readonly isEditable: boolean | undefined;

  /** @internal */
  constructor(parts: FolderParts, key: Uint8Array) {
    super(key);
    this.uid = parts.uid;
    this.name = parts.name;
    this.parentUid = parts.parentUid;
    this.rootUid = parts.rootUid;
    this.isEditable = parts.isEditable;
  }

  /** What printing shows. */
  override toJSON(): unknown {
    return { uid: this.uid, parentUid: this.parentUid, rootUid: this.rootUid };
  }
}
