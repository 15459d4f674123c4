/** Links between records and the settings that PAM records keep in them (ksm-protocol section 19; vectors `ksm-links.json`). */
import {
  decodeBase64,
  isJsonObject,
  parseJsonObject,
  printable,
  redact,
  stripWhitespace,
  utf8Text,
  type JsonObject,
} from "@ksmkit/common";
import { provider } from "#crypto";
import { KsmRecord } from "../records/ksm-record.ts";

/** A link as the service sends it. */
export interface RecordLinkParts {
  /** Uid of the record linked to; of the owner itself for settings. */
  readonly recordUid: string;
  /** Base64 of JSON, or of a GCM blob under the owner's record key. */
  readonly data?: string | null | undefined;
  /** Kind of settings: `meta`, `ai_settings`, `jit_settings`, …; `null` for a link to another record. */
  readonly path?: string | null | undefined;
}

/**
 * One link of a record. No accessor throws: what is missing, unreadable or of another type is `false`, `null` or
 * `{}`. Printing a link shows neither its data nor the key.
 *
 * @example
 * ```ts
 * for (const link of getLinks(record)) if (link.isLaunchCredential()) console.log(link.recordUid);
 * ```
 */
export class RecordLink implements RecordLinkParts {
  readonly recordUid: string;
  readonly data: string | null;
  readonly path: string | null;
  readonly #ownerKey: Uint8Array | undefined;

  /** @param recordKey key of the owning record, 32 bytes; the default of every accessor that may decrypt. */
  constructor(parts: RecordLinkParts, recordKey?: Uint8Array) {
    this.recordUid = parts.recordUid;
    this.data = parts.data ?? null;
    this.path = parts.path ?? null;
    this.#ownerKey = recordKey;
    redact(this, () =>
      printable(`RecordLink(${this.recordUid}${this.path === null ? "" : `, ${this.path}`})`),
    );
  }

  /** True when the linked user is an administrator of the owner. */
  isAdminUser(): boolean {
    return this.#flag("is_admin");
  }

  /** True when the linked record is the credential to launch the owner with. */
  isLaunchCredential(): boolean {
    return this.#flag("is_launch_credential");
  }

  /** True when the linked user is an IAM user. */
  isIamUser(): boolean {
    return this.#flag("is_iam_user");
  }

  /** True when the linked record belongs to the owner. */
  belongsTo(): boolean {
    return this.#flag("belongs_to");
  }

  /** True when services that use the credential are not updated on rotation. */
  noUpdateServices(): boolean {
    return this.#flag("no_update_services");
  }

  /** True when the credential is rotated as a session ends. */
  rotatesOnTermination(): boolean {
    return this.#flag("rotateOnTermination");
  }

  /** True when rotation is allowed. */
  allowsRotation(): boolean {
    return this.#setting("rotation");
  }

  /** True when connections are allowed. */
  allowsConnections(): boolean {
    return this.#setting("connections");
  }

  /** True when port forwards are allowed. */
  allowsPortForwards(): boolean {
    return this.#setting("portForwards");
  }

  /** True when sessions may be recorded graphically. */
  allowsSessionRecording(): boolean {
    return this.#setting("sessionRecording");
  }

  /** True when sessions may be recorded as text (a typescript). */
  allowsTypescriptRecording(): boolean {
    return this.#setting("typescriptRecording");
  }

  /** True when remote browser isolation is allowed. */
  allowsRemoteBrowserIsolation(): boolean {
    return this.#setting("remoteBrowserIsolation");
  }

  /** True when sessions are watched by AI. */
  aiEnabled(): boolean {
    return this.#setting("aiEnabled");
  }

  /** True when AI may end a session. */
  aiSessionTerminate(): boolean {
    return this.#setting("aiSessionTerminate");
  }

  /** Version of the data, a safe integer, or `null`. */
  getLinkDataVersion(): number | null {
    const version = this.#own("version");
    return typeof version === "number" && Number.isSafeInteger(version) ? version : null;
  }

  /** The allowed settings; `{}` without any. */
  getAllowedSettings(): JsonObject {
    const settings = this.#own("allowedSettings");
    return isJsonObject(settings) ? settings : {};
  }

  /** The rotation settings, or `null`. */
  getRotationSettings(): JsonObject | null {
    const settings = this.#own("rotation_settings");
    return isJsonObject(settings) ? settings : null;
  }

  /** The data as text, U+FFFD for what is not UTF-8; `null` without data or when it is not base64. */
  getDecodedData(): string | null {
    const bytes = this.#bytes();
    return bytes && utf8Text(bytes);
  }

  /** True when the data looks like JSON. About one sealed value in 128 does, too. */
  hasReadableData(): boolean {
    return looksLikeJson(this.getDecodedData() ?? "");
  }

  /** True when data of this path is sealed by convention. */
  mightBeEncrypted(): boolean {
    return this.path === "ai_settings" || this.path === "jit_settings";
  }

  /** True when the data looks like anything but text: at most 90 % of its first 100 characters are printable. */
  hasEncryptedData(): boolean {
    const text = this.getDecodedData();
    if (text === null || looksLikeJson(text)) return false;
    const start = text.slice(0, 100);
    return start.replace(/[^\x20-\x7e\n\r\t]/g, "").length <= 0.9 * start.length;
  }

  /**
   * The data opened with a record key, as text; `null` when it does not open.
   *
   * @param recordKey 32 bytes. Default: the owning record's key.
   */
  async getDecryptedData(recordKey: Uint8Array | undefined = this.#ownerKey): Promise<string | null> {
    const bytes = this.#bytes();
    // Any other length would be an error of the provider's, and accessors do not throw.
    if (!bytes || !(recordKey instanceof Uint8Array) || recordKey.length !== 32) return null;
    const opened = await provider.openGcm(recordKey, bytes);
    return opened && utf8Text(opened);
  }

  /** The data as an object, decrypted if need be; `null` when it is none. See {@link getDecryptedData} for the key. */
  async getLinkData(recordKey?: Uint8Array): Promise<JsonObject | null> {
    return this.#parsed() ?? parseJsonObject((await this.getDecryptedData(recordKey)) ?? "");
  }

  /** The PAM settings of a `meta` link, or `null`. */
  getMetaData(recordKey?: Uint8Array): Promise<JsonObject | null> {
    return this.getSettingsForPath("meta", recordKey);
  }

  /** The settings of an `ai_settings` link, or `null`. */
  getAiSettingsData(recordKey?: Uint8Array): Promise<JsonObject | null> {
    return this.getSettingsForPath("ai_settings", recordKey);
  }

  /** The settings of a `jit_settings` link, or `null`. */
  getJitSettingsData(recordKey?: Uint8Array): Promise<JsonObject | null> {
    return this.getSettingsForPath("jit_settings", recordKey);
  }

  /** {@link getLinkData} if this is a link of the given path, else `null`. */
  async getSettingsForPath(path: string, recordKey?: Uint8Array): Promise<JsonObject | null> {
    return this.path === path ? this.getLinkData(recordKey) : null;
  }

  #bytes(): Uint8Array<ArrayBuffer> | null {
    return this.data === null ? null : decodeBase64(stripWhitespace(this.data));
  }

  /** The data when it is readable JSON of an object. JSON with blanks in front does not count as readable. */
  #parsed(): JsonObject | null {
    const text = this.getDecodedData() ?? "";
    return looksLikeJson(text) ? parseJsonObject(text) : null;
  }

  #own(key: string, from = this.#parsed()): unknown {
    return from && Object.hasOwn(from, key) ? from[key] : undefined;
  }

  #flag(key: string): boolean {
    return this.#own(key) === true;
  }

  /** A setting at the top level if it is a boolean there, else among the allowed settings. */
  #setting(key: string): boolean {
    const top = this.#own(key);
    return typeof top === "boolean" ? top : this.#own(key, this.getAllowedSettings()) === true;
  }
}

/**
 * Decodes the links of a record. Entries that are no objects or have no record uid are left out; data or path of
 * another type than text count as missing.
 *
 * @param recordKey key of the owning record, kept by the links and shown nowhere.
 */
export function decodeLinks(raw: unknown, recordKey?: Uint8Array): RecordLink[] {
  if (!Array.isArray(raw)) return [];
  return raw.flatMap((entry: unknown) => {
    if (!isJsonObject(entry)) return [];
    const { recordUid, data, path } = entry;
    if (typeof recordUid !== "string" || recordUid === "") return [];
    return [new RecordLink({ recordUid, data: textOrNull(data), path: textOrNull(path) }, recordKey)];
  });
}

function looksLikeJson(text: string): boolean {
  return /^[{[]/.test(text);
}

function textOrNull(value: unknown): string | null {
  return typeof value === "string" ? value : null;
}

/**
 * Returns the record's links to other records and settings, in order; none unless they were requested. Entries
 * without a record uid are left out.
 *
 * @example
 * ```ts
 * const { records } = await manager.getSecrets({ links: true });
 * for (const link of getLinks(records[0])) if (link.isAdminUser()) console.log(link.recordUid);
 * ```
 */
export function getLinks(record: KsmRecord): RecordLink[] {
  return decodeLinks(KsmRecord.stateOf(record).wire.links, KsmRecord.keyOf(record));
}
