/** One device: its configuration in memory, the keys made from it, and the way changes go back to the storage. */
import { readIdentity, readServerKey, type DeviceIdentity } from "../config/identity.ts";
import { optionalValue } from "../config/config-values.ts";
import type { ConfigStorage, ConfigValues } from "../config/storage.ts";
import { importPrivateKey } from "../crypto/private-key.ts";
import type { PrivateKey } from "../crypto/provider.ts";
import { ConfigError, StorageError } from "../errors/errors.ts";
import type { ServerKey } from "../protocol/server-keys.ts";
import { initializeConfig } from "../token/initialize.ts";
import { namesHost } from "../token/one-time-token.ts";

const clientKeys = ["clientId", "clientKey", "privateKey", "appKey"] as const;

/** What a one-time token sets besides the client's keys. */
const hostKeys: ReadonlySet<string> = /* @__PURE__ */ new Set([
  "hostname",
  "serverPublicKey",
  "serverPublicKeyId",
]);

/** What a {@link DeviceConfig} is opened from. */
export interface DeviceConfigOptions {
  storage: ConfigStorage;
  token?: string | undefined;
  hostname?: string | undefined;
  serverPublicKey?: string | undefined;
  serverPublicKeyId?: string | undefined;
}

/** An opened device. Replaced as a whole whenever the configuration changes. */
export interface Device {
  /** The configuration as stored. */
  readonly values: ConfigValues;
  readonly identity: DeviceIdentity;
  readonly privateKey: PrivateKey;
  readonly serverKey: ServerKey;
}

/**
 * How far a configuration is (ksm-protocol section 7.2): `empty`; `initialized`, the one-time token is not spent yet;
 * `bound` since this client loaded it; `reused`, it was bound before.
 */
export type DeviceStatus = "empty" | "initialized" | "bound" | "reused";

/** Loads the configuration once, keeps its keys, saves its changes. Nothing is shared with other objects. */
export class DeviceConfig {
  readonly #options: DeviceConfigOptions;
  #opening: Promise<Device> | undefined;
  #saving: Promise<unknown> = Promise.resolve();
  /** What the storage held when it was loaded first; restored where a binding fails. */
  #before: ConfigValues | undefined;

  constructor(options: DeviceConfigOptions) {
    this.#options = options;
  }

  /** What and where the storage is, for messages. */
  get description(): string {
    return this.#options.storage.description;
  }

  /**
   * Loads the configuration and applies the one-time token, both at the first call only. A failure is not
   * kept: the next call tries again.
   */
  open(): Promise<Device> {
    this.#opening ??= this.#load().catch((error: unknown) => {
      this.#opening = undefined;
      throw error;
    });
    return this.#opening;
  }

  /** How far the stored configuration is, without applying the token. */
  async status(): Promise<DeviceStatus> {
    const values = this.#opening ? (await this.#opening).values : await this.#options.storage.load();
    if (optionalValue(values, "appKey") !== undefined) {
      return optionalValue(this.#before ?? values, "appKey") === undefined ? "bound" : "reused";
    }
    return optionalValue(values, "clientKey") === undefined ? "empty" : "initialized";
  }

  /** Proves that the storage can take the bound configuration, before a one-time token is spent on it. */
  checkWritable(): Promise<void> {
    return this.#options.storage.checkWritable();
  }

  /**
   * Removes the configuration of a device that never bound, whichever process wrote it, and forgets what was loaded.
   * What the storage held besides a client stays.
   *
   * @returns whether that configuration is gone
   */
  async discard(device: Device): Promise<boolean> {
    const { storage } = this.#options;
    this.#opening = undefined;
    const rest = withoutClient(this.#before ?? device.values);
    if (Object.keys(rest).length > 0) await storage.save(rest, { expected: device.values });
    else await storage.discard(device.values);
    return optionalValue(await storage.load(), "clientKey") === undefined;
  }

  /** Takes over what another process bound meanwhile; `undefined` when none did. */
  async takeOver(device: Device): Promise<Device | undefined> {
    const theirs = await this.#options.storage.load();
    return isBoundLike(device, theirs) ? this.#adopt(theirs) : undefined;
  }

  /**
   * Saves `next(current)` and works with it from then on. Changes run one after the other, so that none is
   * lost. When another process bound the same client meanwhile, its configuration is taken over.
   */
  update(next: (current: ConfigValues) => ConfigValues): Promise<Device> {
    const saving = this.#saving.then(async () => {
      const device = await this.open();
      const values = next(device.values);
      try {
        await this.#options.storage.save(values, { expected: device.values });
        return this.#adopt(values);
      } catch (error) {
        if (!isConflict(error)) throw error;
        const theirs = await this.#options.storage.load();
        if (!isBoundLike(device, theirs)) throw error;
        return this.#adopt(theirs);
      }
    });
    this.#saving = saving.catch(() => undefined);
    return saving;
  }

  /**
   * Works with another built-in server key from now on. A storage that cannot take the id costs the next
   * process one more round trip, so that is no reason to withhold an answer that is already here.
   */
  async rememberServerKey(id: string): Promise<void> {
    const withKey = (values: ConfigValues): ConfigValues => ({ ...values, serverPublicKeyId: id });
    try {
      await this.update(withKey);
    } catch (error) {
      if (!(error instanceof StorageError)) throw error;
      await this.#adopt(withKey((await this.open()).values));
    }
  }

  #adopt(values: ConfigValues): Promise<Device> {
    this.#opening = this.#open(values);
    return this.#opening;
  }

  async #load(): Promise<Device> {
    const { storage, token } = this.#options;
    const existing = await storage.load();
    this.#before = existing;
    if (token === undefined && !holdsClient(existing)) {
      throw new ConfigError(
        "ERR_KSM_CONFIG_KEY_MISSING",
        `There is no configuration in ${storage.description}, and no one-time token was passed. Check where the configuration is stored; a new device needs the option token once.`,
      );
    }
    if (token === undefined) return this.#open(existing);
    const initialized = await initializeConfig({ ...this.#options, existing, token });
    if (initialized === "unchanged") return this.#open(existing);
    const device = await this.#open(initialized);
    try {
      await storage.save(initialized, { expected: existing, keepPrevious: holdsClient(existing) });
      return device;
    } catch (error) {
      if (!isConflict(error)) throw error;
      // Another process was faster with the same token: its key pair is the one to go on with.
      const theirs = await storage.load();
      if ((await initializeConfig({ ...this.#options, existing: theirs, token })) !== "unchanged")
        throw error;
      return this.#open(theirs);
    }
  }

  async #open(values: ConfigValues): Promise<Device> {
    const { hostname, token } = this.#options;
    // A token's own host wins over the option.
    const identity = await readIdentity(
      values,
      token !== undefined && namesHost(token) ? undefined : hostname,
    );
    const privateKey = await importPrivateKey(identity.privateKey);
    return { values, identity, privateKey, serverKey: await readServerKey(values, this.#options) };
  }
}

/** True for the configuration of the same client, bound. */
function isBoundLike(device: Device, values: ConfigValues): boolean {
  return optionalValue(values, "appKey") !== undefined && values["clientId"] === device.identity.clientId;
}

/** True when some client, or a part of one, is stored. */
function holdsClient(values: ConfigValues): boolean {
  return clientKeys.some((key) => optionalValue(values, key) !== undefined);
}

/** What a storage held before a client was put there: nothing, when all that is left belongs to a client. */
function withoutClient(values: ConfigValues): ConfigValues {
  const rest = Object.entries(values).filter(
    ([key]) => !clientKeys.some((own) => own === key) && key !== "publicKey",
  );
  return rest.every(([key]) => hostKeys.has(key)) && holdsClient(values) ? {} : Object.fromEntries(rest);
}

/** True when another process wrote to the storage first. */
function isConflict(error: unknown): boolean {
  return error instanceof StorageError && error.code === "ERR_KSM_STORAGE_CONFLICT";
}
