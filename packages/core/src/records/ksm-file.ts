/** A file attached to a record: its metadata and where its content lies (ksm-protocol sections 10.1, 18.5). */
import type { JsonObject } from "@ksmkit/common";
import { decodeNumber } from "../protocol/decode.ts";
import type { WireFile } from "../protocol/wire-types.ts";
import { KeyHolder } from "./key-holder.ts";

/**
 * A file of a record. Its content is fetched on demand; the urls expire within minutes. Printing a file
 * shows its uid and size: the name may tell secrets, and the urls grant access to the sealed content.
 */
export class KsmFile extends KeyHolder {
  /** Uid of the file. */
  readonly uid: string;
  /** Where the sealed content lies; `undefined` when the service gave no place. */
  readonly url: string | undefined;
  /** Where the sealed thumbnail lies, when there is one. */
  readonly thumbnailUrl: string | undefined;
  /** The metadata as stored, unknown keys included. */
  readonly metadata: Readonly<JsonObject>;

  /** @internal */
  constructor(wire: WireFile, metadata: JsonObject, key: Uint8Array) {
    super(key);
    this.uid = wire.fileUid;
    this.url = wire.url || undefined;
    this.thumbnailUrl = wire.thumbnailUrl || undefined;
    this.metadata = metadata;
  }

  /** File name. Written by others: may hold path separators or `..`; never use it as a path unchecked. */
  get name(): string | undefined {
    return text(this.metadata["name"]);
  }

  /** Title, usually the name. */
  get title(): string | undefined {
    return text(this.metadata["title"]);
  }

  /** MIME type, when it was stored. */
  get type(): string | undefined {
    return text(this.metadata["type"]);
  }

  /** Length of the content in bytes, when it was stored. */
  get size(): number | undefined {
    return decodeNumber(this.metadata["size"]);
  }

  /** Milliseconds since the epoch, possibly fractional, when it was stored. */
  get lastModified(): number | undefined {
    return decodeNumber(this.metadata["lastModified"]);
  }

  /** What printing shows. */
  override toJSON(): unknown {
    return { uid: this.uid, size: this.size };
  }
}

function text(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}
