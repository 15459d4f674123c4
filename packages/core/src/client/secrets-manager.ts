/** The client: one application, one device, one configuration. */
import { oneOf, Redacted, textOption, type OptionChecks, type WaitOptions } from "@ksmkit/common";
import { optionalValue } from "../config/config-values.ts";
import {
  formatConfigBase64,
  formatConfigJson,
  formatConfigManifest,
  type ConfigManifestOptions,
} from "../config/config-text.ts";
import { ArgumentError, ConfigError } from "../errors/errors.ts";
import { requireOptions, waitChecks } from "../errors/require-options.ts";
import { findByTitle, pickRecordByTitle } from "../records/pick-record.ts";
import type { KsmFile } from "../records/ksm-file.ts";
import type { KsmRecord } from "../records/ksm-record.ts";
import { ServiceClient, type BindResult, type ReadOptions } from "./service-client.ts";
import { downloadFile } from "./download-file.ts";
import { getFolders, type FoldersResult } from "./folders.ts";
import { getRecord, getSecrets, type SecretsQuery, type SecretsResult } from "./get-secrets.ts";
import { checkManagerOptions, type SecretsManagerOptions } from "./secrets-manager-options.ts";
import type { DeviceStatus } from "./device-config.ts";

/** Options of {@link SecretsManager.exportConfig}. */
export interface ExportConfigOptions extends ConfigManifestOptions {
  /**
   * Indented JSON; base64 of compact JSON on one line, as `KSM_CONFIG` takes it; or the manifest of a Kubernetes
   * Secret. Default: `json`.
   */
  format?: "json" | "base64" | "k8s" | undefined;
}

const configFormats = {
  json: formatConfigJson,
  base64: formatConfigBase64,
  k8s: formatConfigManifest,
} as const;

const exportChecks: OptionChecks<ExportConfigOptions> = {
  format: oneOf("json", "base64", "k8s"),
  name: textOption,
  namespace: textOption,
};

/**
 * A client of Keeper Secrets Manager.
 *
 * Making one does no I/O. The first call loads the configuration and, when a one-time token was given and not
 * spent yet, binds the device. All state lives in the object: two clients in one process never share keys,
 * connections or settings. Printing a client shows its storage's description only.
 *
 * Every method may throw {@link ConfigError}, {@link StorageError}, {@link TransportError},
 * {@link ThrottledError} or {@link AbortedError}; see the README for the codes.
 *
 * @example
 * ```ts
 * const manager = new SecretsManager({ storage: fileStorage({ path: "ksm-config.json" }), token });
 * const { records } = await manager.getSecrets({ uids: ["…22 characters…"] });
 * const password = records[0]?.field("password");
 * ```
 */
export class SecretsManager extends Redacted {
  readonly #service: ServiceClient;
  readonly #parts = new Map<unknown, unknown>();

  /** @throws {@link ArgumentError} `ERR_KSM_ARGUMENT_INVALID` */
  constructor(options: SecretsManagerOptions) {
    super();
    checkManagerOptions(options, "SecretsManager");
    this.#service = new ServiceClient(options);
  }

  /**
   * Writes the initialized configuration that the one-time token leads to, without any network; {@link bind} and
   * reads do it first when needed. An existing configuration of the same client stays as it is.
   *
   * @returns `initialized`, or how much further the configuration is already
   * @throws {@link TokenError}; {@link ConfigError} `ERR_KSM_CONFIG_OTHER_CLIENT`, `ERR_KSM_CONFIG_KEY_MISSING` when
   *   there is neither a configuration nor a token
   * @example
   * ```ts
   * const manager = new SecretsManager({ storage: fileStorage(), token: "US:…" });
   * await manager.initialize(); // "initialized": the token is still good
   * ```
   */
  async initialize(options: WaitOptions = {}): Promise<DeviceStatus> {
    requireOptions(options, waitChecks, "initialize");
    await this.#service.open(options);
    return this.status();
  }

  /**
   * How far the stored configuration is (ksm-protocol section 7.2): `empty`; `initialized`, the one-time token is not
   * spent yet; `bound` since this client loaded it; `reused`, it was bound before. No network.
   */
  status(): Promise<DeviceStatus> {
    return this.#service.deviceConfig.status();
  }

  /**
   * Binds the device now instead of at the first read, and reads nothing.
   *
   * @throws {@link ConfigError} `ERR_KSM_BIND_FAILED` when a new one-time token is needed
   */
  async bind(options: WaitOptions = {}): Promise<BindResult> {
    requireOptions(options, waitChecks, "bind");
    return this.#service.bind(options);
  }

  /**
   * Exports the bound configuration for an external store. It opens the vault: treat it like a password.
   *
   * @throws {@link ConfigError} `ERR_KSM_CONFIG_KEY_MISSING` before the device is bound; {@link ArgumentError}
   *   `ERR_KSM_ARGUMENT_INVALID` for another format, or a name that Kubernetes refuses
   * @example
   * ```ts
   * await manager.exportConfig({ format: "k8s", name: "ksm-config", namespace: "apps" }); // kubectl apply -f -
   * ```
   */
  async exportConfig(options: ExportConfigOptions = {}): Promise<string> {
    requireOptions(options, exportChecks, "exportConfig");
    const { format = "json" } = options;
    const { values } = await this.#service.deviceConfig.open();
    if (optionalValue(values, "appKey") === undefined) {
      throw new ConfigError(
        "ERR_KSM_CONFIG_KEY_MISSING",
        "The device is not bound yet, and a copy would compete for its one-time token. Call bind() first.",
      );
    }
    return configFormats[format](values, options);
  }

  /**
   * Reads records. What cannot be opened is listed in `problems`; everything else is delivered.
   *
   * @example
   * ```ts
   * const { records, problems } = await manager.getSecrets({ links: true });
   * ```
   */
  getSecrets(query: SecretsQuery = {}): Promise<SecretsResult> {
    return getSecrets(this.#service, query);
  }

  /**
   * Reads one record by its uid.
   *
   * @throws {@link RecordError} `ERR_KSM_RECORD_NOT_FOUND`, or `ERR_KSM_RECORD_BROKEN` when it cannot be opened
   */
  getRecord(uid: string, options: Omit<SecretsQuery, "uids" | "folderUids"> = {}): Promise<KsmRecord> {
    return getRecord(this.#service, uid, options);
  }

  /** Reads everything and returns the records with exactly that title. */
  async getRecordsByTitle(title: string, options: SecretsQuery = {}): Promise<KsmRecord[]> {
    if (typeof title !== "string") throw new ArgumentError("Argument title must be text.");
    const { records } = await this.getSecrets(options);
    return findByTitle(records, title);
  }

  /**
   * Returns the one record with exactly that title.
   *
   * @throws {@link RecordError} `ERR_KSM_RECORD_NOT_FOUND`, `ERR_KSM_RECORD_AMBIGUOUS`
   */
  async getRecordByTitle(title: string, options: SecretsQuery = {}): Promise<KsmRecord> {
    if (typeof title !== "string") throw new ArgumentError("Argument title must be text.");
    return pickRecordByTitle(await this.getSecrets(options), title);
  }

  /** Reads all folders, empty ones and sub-folders included. */
  getFolders(options: ReadOptions = {}): Promise<FoldersResult> {
    return getFolders(this.#service, options);
  }

  /**
   * Downloads and opens the content of a file, wholly in memory.
   *
   * @throws {@link RecordError} `ERR_KSM_FILE_UNAVAILABLE`; its address expires within minutes
   */
  downloadFile(file: KsmFile, options: WaitOptions = {}): Promise<Uint8Array<ArrayBuffer>> {
    return downloadFile(this.#service, file, "url", options);
  }

  /** Downloads and opens the thumbnail of a file; see {@link downloadFile}. */
  downloadThumbnail(file: KsmFile, options: WaitOptions = {}): Promise<Uint8Array<ArrayBuffer>> {
    return downloadFile(this.#service, file, "thumbnailUrl", options);
  }

  /** How the client talks to the service. @internal */
  static connectionOf(manager: SecretsManager): ServiceClient {
    return manager.#service;
  }

  /** The one `Part` of a client, made at first use: what functions over a client share lives and ends with it. @internal */
  static extensionOf<T>(manager: SecretsManager, Part: new (manager: SecretsManager) => T): T {
    const parts = manager.#parts as Map<typeof Part, T>;
    const part = parts.get(Part) ?? new Part(manager);
    parts.set(Part, part);
    return part;
  }

  /** What printing shows: where the configuration lives. */
  override toJSON(): unknown {
    return `SecretsManager { storage: ${this.#service.description} }`;
  }

  /** Closes idle connections. The client stays usable. */
  close(): void {
    this.#service.network.close();
  }

  /** Same as {@link close}. */
  [Symbol.dispose](): void {
    this.close();
  }
}
