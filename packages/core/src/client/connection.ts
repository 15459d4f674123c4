/** A session and its transport joined: calls as this device, binding it first when needed. */
import {
  createNetworkFetch,
  encodeBase64,
  HttpError,
  platformRandom,
  type JsonObject,
  type NetworkFetch,
  type Random,
  type WaitOptions,
} from "@ksmkit/common";
import { ConfigError } from "../errors/config-error.ts";
import type { KeeperError } from "../errors/keeper-error.ts";
import { generateUid } from "../generators/uid.ts";
import type { Endpoint } from "../protocol/endpoints.ts";
import { optionsError } from "../transport/failure.ts";
import { Transport } from "../transport/transport.ts";
import { bindDevice, type Binding } from "./binding.ts";
import { defaultClientVersion, type SecretsManagerOptions } from "./secrets-manager-options.ts";
import { Session, type Device } from "./session.ts";

/** A read answer and the key that opens it. */
export interface ReadAnswer {
  readonly answer: JsonObject;
  readonly appKey: Uint8Array;
  /** Set when the device was bound by this call and the confirming call failed. */
  readonly warning: string | undefined;
}

/** Outcome of `SecretsManager.bind`. */
export interface BindResult {
  /** True when this call spent the one-time token; false when the device was bound before. */
  readonly justBound: boolean;
  /** Why the confirming call failed, when it did. The binding stands; the next call confirms it. */
  readonly unconfirmed?: KeeperError;
}

/** Everything one client needs to talk to the service. */
export class Connection {
  readonly session: Session;
  /** The connections of this client, also for file content. */
  readonly network: NetworkFetch;
  readonly options: SecretsManagerOptions;
  readonly random: Random;
  readonly #transport: Transport;
  readonly #clientVersion: string;
  #binding: Promise<Binding> | undefined;

  constructor(options: SecretsManagerOptions) {
    this.options = options;
    this.session = new Session(options);
    try {
      this.network = createNetworkFetch(options);
    } catch (error) {
      throw error instanceof HttpError ? optionsError(error) : error;
    }
    this.#transport = new Transport({ ...options, network: this.network });
    this.#clientVersion = options.clientVersion ?? defaultClientVersion;
    this.random = options.random ?? platformRandom;
  }

  /** What and where the storage is, for messages. */
  get description(): string {
    return this.session.description;
  }

  /** Binds the device unless it is bound, and asks for no record. */
  async bind(wait: WaitOptions): Promise<BindResult> {
    const device = await this.session.open();
    if (device.identity.appKey !== undefined) return { justBound: false };
    const joined = this.#binding !== undefined;
    const { unconfirmed } = await this.#bind(device, this.#nothing(), wait);
    return joined ? { justBound: false } : { justBound: true, ...(unconfirmed && { unconfirmed }) };
  }

  /** Calls a reading endpoint. An unbound device is bound by it first; `get_secret` does both at once. */
  async read(
    endpoint: "get_secret" | "get_folders",
    payload: JsonObject,
    wait: WaitOptions,
  ): Promise<ReadAnswer> {
    const device = await this.session.open();
    if (device.identity.appKey !== undefined) return this.#readBound(device, endpoint, payload, wait);
    const asksItself = this.#binding === undefined && endpoint === "get_secret";
    const binding = await this.#bind(device, asksItself ? payload : this.#nothing(), wait);
    if (!asksItself) return this.#readBound(binding.device, endpoint, payload, wait);
    const { unconfirmed } = binding;
    return {
      answer: binding.answer,
      appKey: appKeyOf(binding.device),
      warning: unconfirmed && `The device is bound, but confirming it failed: ${unconfirmed.message}`,
    };
  }

  /** The device, bound first when needed. */
  async bound(wait: WaitOptions): Promise<Device> {
    const device = await this.session.open();
    if (device.identity.appKey !== undefined) return device;
    return (await this.#bind(device, this.#nothing(), wait)).device;
  }

  /** Calls a writing endpoint as the bound device; an empty answer is an object without members. */
  async write(endpoint: Endpoint, payload: JsonObject, wait: WaitOptions): Promise<JsonObject> {
    return this.#post(await this.bound(wait), endpoint, payload, wait);
  }

  async #readBound(
    device: Device,
    endpoint: Endpoint,
    payload: JsonObject,
    wait: WaitOptions,
  ): Promise<ReadAnswer> {
    const answer = await this.#post(device, endpoint, payload, wait);
    return { answer, appKey: appKeyOf(device), warning: undefined };
  }

  /** One binding at a time: calls that come meanwhile wait for it instead of spending the token twice. */
  #bind(device: Device, payload: JsonObject, wait: WaitOptions): Promise<Binding> {
    this.#binding ??= bindDevice(this.session, device, (current, enrol) =>
      this.#post(
        current,
        "get_secret",
        enrol ? { publicKey: encodeBase64(current.privateKey.publicPoint), ...payload } : this.#nothing(),
        wait,
      ),
    ).finally(() => {
      this.#binding = undefined;
    });
    return this.#binding;
  }

  /** A query that matches no record; the service takes any uid. */
  #nothing(): JsonObject {
    return { requestedRecords: [generateUid({ random: this.random })] };
  }

  async #post(
    device: Device,
    endpoint: Endpoint,
    payload: JsonObject,
    wait: WaitOptions,
  ): Promise<JsonObject> {
    const { clientId, hostname } = device.identity;
    const answer = await this.#transport.call(
      endpoint,
      { clientVersion: this.#clientVersion, clientId, ...payload },
      {
        hostname,
        privateKey: device.privateKey,
        serverKey: device.serverKey,
        saveServerKeyId: (id) => this.session.rememberServerKey(id),
      },
      wait,
    );
    return answer ?? {};
  }
}

function appKeyOf(device: Device): Uint8Array {
  const { appKey } = device.identity;
  if (appKey !== undefined) return appKey;
  throw new ConfigError("ERR_KSM_CONFIG_KEY_MISSING", "appKey is missing from the configuration.");
}
