/** A file of a record, the base of what carries a key, and how downloaded content opens (ksm-protocol section 10.8). */
import { Redacted, type JsonObject } from "@ksmkit/common";
import { decodeNumber, type WireFile } from "../protocol/wire.ts";
import { provider } from "#crypto";
import { RecordError } from "../errors/errors.ts";

/** An opened item and its key. */
export abstract class KeyHolder extends Redacted {
  readonly #key: Uint8Array;

  constructor(key: Uint8Array) {
    super();
    this.#key = key;
  }

  /** The key of an item, 32 bytes. @internal */
  static keyOf(holder: KeyHolder): Uint8Array {
    return holder.#key;
  }
}

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

/**
 * Opens a file's downloaded bytes, content or thumbnail: one GCM blob under the file key.
 *
 * @throws {@link RecordError} `ERR_KSM_FILE_UNAVAILABLE` when they are not what was sealed
 */
export async function openFileContent(file: KsmFile, sealed: Uint8Array): Promise<Uint8Array<ArrayBuffer>> {
  const content = await provider.openGcm(KeyHolder.keyOf(file), sealed);
  if (content !== null) return content;
  throw new RecordError(
    "ERR_KSM_FILE_UNAVAILABLE",
    `File ${file.uid} cannot be read: its content is damaged or belongs to another file.`,
  );
}
