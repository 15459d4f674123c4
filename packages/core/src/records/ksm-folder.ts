/** A shared folder or one of its sub-folders (ksm-protocol section 11.3). */
import type { JsonObject } from "@ksmkit/common";
import { decodeText } from "../protocol/wire.ts";
import { KeyHolder } from "./ksm-file.ts";

/** What a {@link KsmFolder} is made from. */
export interface FolderParts {
  uid: string;
  /** As stored: `name`, and whatever else there is. */
  data: JsonObject;
  parentUid: string | undefined;
  rootUid: string;
  isEditable: boolean | undefined;
}

/** A folder, opened. Printing it shows its uids, not its name. */
export class KsmFolder extends KeyHolder {
  /** Uid of the folder. */
  readonly uid: string;
  /** The folder's document as stored, unknown keys included. */
  readonly data: Readonly<JsonObject>;
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
    this.data = parts.data;
    this.parentUid = parts.parentUid;
    this.rootUid = parts.rootUid;
    this.isEditable = parts.isEditable;
  }

  /** Name; "" when none was stored. */
  get name(): string {
    return decodeText(this.data["name"]);
  }

  /** What printing shows. */
  override toJSON(): unknown {
    return { uid: this.uid, parentUid: this.parentUid, rootUid: this.rootUid };
  }
}
