/** The device configuration and the transport joined: calls as this device, binding it first when needed. */
import {
  createNetworkFetch,
  Deadline,
  encodeBase64,
  HttpError,
  type Clock,
  platformRandom,
  type JsonObject,
  type NetworkFetch,
  type Random,
  type WaitOptions,
} from "@ksmkit/common";
import { ConfigError, type KeeperError } from "../errors/errors.ts";
import { generateUid } from "../generators/uid.ts";
import type { Endpoint } from "../protocol/endpoints.ts";
import { endedError, optionsError } from "../transport/refusal.ts";
import { Transport } from "../transport/transport.ts";
import type { Freshness } from "../records/freshness.ts";
import { bindDevice, type Binding } from "./binding.ts";
import { defaultClientVersion, type SecretsManagerOptions } from "./secrets-manager-options.ts";
import { SingleFlight } from "../transport/single-flight.ts";
import { composeMiddleware, type ServiceResponse, type ServiceCall } from "../middleware/middleware.ts";
import { DeviceConfig, type Device } from "./device-config.ts";

/** How to read. */
export interface ReadOptions extends WaitOptions {
  /** Asks the service itself, past any cache. Default: false. */
  fresh?: boolean | undefined;
}

/** A read answer and the key that opens it. */
export interface ReadAnswer {
  readonly answer: JsonObject;
  readonly appKey: Uint8Array;
  readonly freshness: Freshness;
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
export class ServiceClient {
  readonly deviceConfig: DeviceConfig;
  /** The connections of this client, also for file content. */
  readonly network: NetworkFetch;
  readonly options: SecretsManagerOptions;
  readonly random: Random;
  readonly #transport: Transport;
  readonly #clientVersion: string;
  readonly #clock: Clock;
  #binding: SingleFlight<Binding> | undefined;

  constructor(options: SecretsManagerOptions) {
    this.options = options;
    this.deviceConfig = new DeviceConfig(options);
    try {
      this.network = createNetworkFetch(options);
    } catch (error) {
      throw error instanceof HttpError ? optionsError(error) : error;
    }
    this.#transport = new Transport({ ...options, network: this.network });
    this.#clientVersion = options.clientVersion ?? defaultClientVersion;
    this.#clock = options.clock ?? Date.now;
    this.random = options.random ?? platformRandom;
  }

  /** What and where the storage is, for messages. */
  get description(): string {
    return this.deviceConfig.description;
  }

  /** Binds the device unless it is bound, and asks for no record. */
  async bind(wait: WaitOptions): Promise<BindResult> {
    const device = await this.#open(wait);
    if (device.identity.appKey !== undefined) return { justBound: false };
    const joined = this.#binding !== undefined && !this.#binding.isGivenUp;
    const { unconfirmed } = await this.#bind(device, this.#emptyQuery(), wait);
    return joined ? { justBound: false } : { justBound: true, ...(unconfirmed && { unconfirmed }) };
  }

  /** Calls a reading endpoint. An unbound device is bound by it first; `get_secret` does both at once. */
  async read(
    endpoint: "get_secret" | "get_folders",
    payload: JsonObject,
    options: ReadOptions,
  ): Promise<ReadAnswer> {
    const device = await this.#open(options);
    if (device.identity.appKey !== undefined) return this.#readBound(device, endpoint, payload, options);
    const asksItself = (this.#binding?.isGivenUp ?? true) && endpoint === "get_secret";
    const binding = await this.#bind(device, asksItself ? payload : this.#emptyQuery(), options);
    if (!asksItself) return this.#readBound(binding.device, endpoint, payload, options);
    const { unconfirmed } = binding;
    return {
      answer: binding.answer,
      appKey: appKeyOf(binding.device),
      freshness: { source: "service", fetchedAt: this.#clock(), ageMs: 0 },
      warning: unconfirmed && `The device is bound, but confirming it failed: ${unconfirmed.message}`,
    };
  }

  /** The device, bound first when needed. */
  async bound(wait: WaitOptions): Promise<Device> {
    const device = await this.#open(wait);
    if (device.identity.appKey !== undefined) return device;
    return (await this.#bind(device, this.#emptyQuery(), wait)).device;
  }

  /** Calls a writing endpoint as the bound device; an empty answer is an object without members. */
  async write(endpoint: Endpoint, payload: JsonObject, wait: WaitOptions): Promise<JsonObject> {
    const device = await this.bound(wait);
    return (await this.#call(device, { endpoint, kind: "write", payload, fresh: true, wait })).json;
  }

  async #readBound(
    device: Device,
    endpoint: Endpoint,
    payload: JsonObject,
    { fresh = false, ...wait }: ReadOptions,
  ): Promise<ReadAnswer> {
    const { json, source, fetchedAt } = await this.#call(device, {
      endpoint,
      kind: "read",
      payload,
      fresh,
      wait,
    });
    // A clock that was set back makes nothing younger than it is.
    const ageMs = source === "service" ? 0 : Math.max(0, this.#clock() - fetchedAt);
    return {
      answer: json,
      appKey: appKeyOf(device),
      freshness: { source, fetchedAt, ageMs },
      warning: undefined,
    };
  }

  /** One binding at a time: calls that come meanwhile wait for it instead of spending the token twice. */
  #bind(device: Device, payload: JsonObject, wait: WaitOptions): Promise<Binding> {
    const before = this.#binding;
    if (before !== undefined && !before.isGivenUp) return before.join(this.#limits(wait), "get_secret");
    const binding = new SingleFlight(async (signal) => {
      const current = before ? await before.settled.then(() => this.deviceConfig.open()) : device;
      const ask = async (of: Device, kind: "bind" | "read", question: JsonObject): Promise<JsonObject> => {
        const call = { kind, payload: question, fresh: true, wait: { signal } } as const;
        return (await this.#call(of, { endpoint: "get_secret", ...call })).json;
      };
      // What all callers had given up may have been done all the same.
      if (current.identity.appKey !== undefined) {
        return { device: current, answer: await ask(current, "read", payload), unconfirmed: undefined };
      }
      return bindDevice(this.deviceConfig, current, (of, enrol) => {
        const publicKey = encodeBase64(of.privateKey.publicPoint);
        return ask(of, "bind", enrol ? { publicKey, ...payload } : this.#emptyQuery());
      });
    });
    this.#binding = binding;
    void binding.settled.finally(() => {
      if (this.#binding === binding) this.#binding = undefined;
    });
    return binding.join(this.#limits(wait), "get_secret");
  }

  /** The configuration, within the caller's limits, since a storage may be slow. */
  async #open(wait: WaitOptions): Promise<Device> {
    const deadline = new Deadline(this.#limits(wait));
    try {
      return await deadline.race(this.deviceConfig.open());
    } catch (error) {
      throw deadline.end === undefined ? error : endedError("the configuration storage", deadline);
    } finally {
      deadline.stop();
    }
  }

  #limits({ signal, timeoutMs = this.options.totalTimeoutMs ?? 600_000 }: WaitOptions): WaitOptions {
    return { signal, timeoutMs };
  }

  /** A query that matches no record; the service takes any uid. */
  #emptyQuery(): JsonObject {
    return { requestedRecords: [generateUid({ random: this.random })] };
  }

  /** One call as this device, through whatever the caller put before the service. */
  #call(device: Device, call: Omit<ServiceCall, "device">): Promise<ServiceResponse> {
    const { clientId, hostname, appKey } = device.identity;
    const ask = composeMiddleware(this.options.middleware, async ({ endpoint, payload, wait }) => {
      const json = await this.#transport.call(
        endpoint,
        { clientVersion: this.#clientVersion, clientId, ...payload },
        {
          hostname,
          privateKey: device.privateKey,
          serverKey: device.serverKey,
          saveServerKeyId: (id) => this.deviceConfig.rememberServerKey(id),
        },
        wait,
      );
      return { json: json ?? {}, source: "service", fetchedAt: this.#clock() };
    });
    return ask({ ...call, device: { hostname, clientId, appKey }, wait: this.#limits(call.wait) });
  }
}

function appKeyOf(device: Device): Uint8Array {
  const { appKey } = device.identity;
  if (appKey !== undefined) return appKey;
  throw new ConfigError("ERR_KSM_CONFIG_KEY_MISSING", "appKey is missing from the configuration.");
}
