/** Links between records, over core's (ksm-protocol section 19). */
import { RecordLink } from "@ksmkit/core/links";
import { handOutWith, keysOf } from "../keys/key-rings.ts";
import type { KeeperRecord, KeeperRecordLinkRaw } from "../types/records.ts";

type Settings = Record<string, unknown>;

/**
 * One link of a record. No accessor throws: what is missing, unreadable or of another type is `false`, `null` or
 * `{}`. Without a key, sealed data is opened with the owner's key as it was read before.
 */
export class KeeperRecordLink {
  readonly recordUid: string;
  readonly data: string | undefined;
  readonly path: string | undefined;
  private readonly ownerRecordUid: string;
  readonly #raw: KeeperRecordLinkRaw;
  readonly #link: RecordLink;

  constructor(raw: KeeperRecordLinkRaw, ownerRecordUid: string) {
    this.recordUid = raw.recordUid;
    this.data = raw.data;
    this.path = raw.path;
    this.ownerRecordUid = ownerRecordUid;
    this.#raw = raw;
    this.#link = new RecordLink(raw);
  }

  toString(): string {
    return `[KeeperRecordLink: recordUid=${this.recordUid}, path=${this.path}]`;
  }

  isAdminUser(): boolean {
    return this.#link.isAdminUser();
  }

  isLaunchCredential(): boolean {
    return this.#link.isLaunchCredential();
  }

  isIamUser(): boolean {
    return this.#link.isIamUser();
  }

  belongsTo(): boolean {
    return this.#link.belongsTo();
  }

  noUpdateServices(): boolean {
    return this.#link.noUpdateServices();
  }

  allowsRotation(): boolean {
    return this.#link.allowsRotation();
  }

  allowsConnections(): boolean {
    return this.#link.allowsConnections();
  }

  allowsPortForwards(): boolean {
    return this.#link.allowsPortForwards();
  }

  allowsSessionRecording(): boolean {
    return this.#link.allowsSessionRecording();
  }

  allowsTypescriptRecording(): boolean {
    return this.#link.allowsTypescriptRecording();
  }

  allowsRemoteBrowserIsolation(): boolean {
    return this.#link.allowsRemoteBrowserIsolation();
  }

  aiEnabled(): boolean {
    return this.#link.aiEnabled();
  }

  aiSessionTerminate(): boolean {
    return this.#link.aiSessionTerminate();
  }

  rotatesOnTermination(): boolean {
    return this.#link.rotatesOnTermination();
  }

  getLinkDataVersion(): number | null {
    return this.#link.getLinkDataVersion();
  }

  /** The data as text; `null` without data or when it is not base64. */
  getDecodedData(): string | null {
    return this.#link.getDecodedData();
  }

  /** True when the data looks like JSON. */
  hasReadableData(): boolean {
    return this.#link.hasReadableData();
  }

  /** True when data of this path is sealed by convention. */
  mightBeEncrypted(): boolean {
    return this.#link.mightBeEncrypted();
  }

  /** True when the data looks like anything but text. */
  hasEncryptedData(): boolean {
    return this.#link.hasEncryptedData();
  }

  /** The data opened with the owner's record key, as text; `null` when it does not open. */
  getDecryptedData(recordKey?: Uint8Array): Promise<string | null> {
    return this.#withKeys(recordKey, (key) => this.#link.getDecryptedData(key));
  }

  /** The data as an object, opened if need be. */
  getLinkData(recordKey?: Uint8Array): Promise<Settings | null> {
    return this.#withKeys(recordKey, (key) => this.#link.getLinkData(key));
  }

  /** {@link getLinkData} of an `ai_settings` link. */
  getAiSettingsData(recordKey?: Uint8Array): Promise<Settings | null> {
    return this.getSettingsForPath("ai_settings", recordKey);
  }

  /** {@link getLinkData} of a `jit_settings` link. */
  getJitSettingsData(recordKey?: Uint8Array): Promise<Settings | null> {
    return this.getSettingsForPath("jit_settings", recordKey);
  }

  /** {@link getLinkData} of a `meta` link. */
  getMetaData(recordKey?: Uint8Array): Promise<Settings | null> {
    return this.getSettingsForPath("meta", recordKey);
  }

  /** {@link getLinkData} if this is a link of the given path, else `null`. */
  async getSettingsForPath(settingsPath: string, recordKey?: Uint8Array): Promise<Settings | null> {
    return this.path === settingsPath ? this.getLinkData(recordKey) : null;
  }

  getAllowedSettings(): Settings {
    return this.#link.getAllowedSettings();
  }

  getRotationSettings(): Settings | null {
    return this.#link.getRotationSettings();
  }

  /** With the key given, else with each under which the owner was read, until one opens the data. */
  async #withKeys<T>(
    given: Uint8Array | undefined,
    read: (key: Uint8Array | undefined) => Promise<T | null>,
  ): Promise<T | null> {
    const keys = given ? [given] : keysOf(this.ownerRecordUid, this.#raw).map(({ key }) => key);
    for (const key of keys) {
      const value = await read(key);
      if (value !== null) return value;
    }
    return keys.length === 0 ? read(undefined) : null;
  }
}

/** The links of a record that was read with `requestLinks`; entries without a record uid are left out. */
export function getLinks(record: KeeperRecord): KeeperRecordLink[] {
  return (record.links ?? [])
    .filter((link) => typeof link?.recordUid === "string" && link.recordUid !== "")
    .map((link) => {
      handOutWith(record, link);
      return new KeeperRecordLink(link, record.recordUid);
    });
}
