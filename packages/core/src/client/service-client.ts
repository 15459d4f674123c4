/** The device configuration and the transport joined: calls as this device, binding it first when needed. */
import {
  createNetworkFetch,
  Deadline,
  encodeBase64,
  HttpError,
  isJsonObject,
  type Clock,
  platformRandom,
  SingleFlight,
  type JsonObject,
  type NetworkFetch,
  type Random,
  type WaitOptions,
} from "@ksmkit/common";
import { ConfigError, type KeeperError } from "../errors/errors.ts";
import { generateUid } from "../generators/uid.ts";
import type { Endpoint } from "../protocol/wire.ts";
import { endedError, optionsError } from "../transport/refusal.ts";
import { Transport } from "../transport/transport.ts";
import type { Freshness } from "../records/freshness.ts";
import { bindDevice, type Binding } from "./binding.ts";
import { defaultClientVersion, type SecretsManagerOptions } from "./secrets-manager-options.ts";
import {
  composeMiddleware,
  enforceLimits,
  type Next,
  type ServiceCall,
  type ServiceResponse,
} from "../middleware/middleware.ts";
import { badResponse } from "../transport/envelope.ts";
import { DeviceConfig, type Device } from "./device-config.ts";

/** How to read. */
export interface ReadOptions extends WaitOptions {
  /** Asks the service itself, past any cache. Default: false. */
  fresh?: boolean | undefined;
  /** Handed to the middleware of this call as `ServiceCall.context`; core ignores it. */
  context?: object | undefined;
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
      throw HttpError.isInstance(error) ? optionsError(error) : error;
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
    const device = await this.open(wait);
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
    const device = await this.open(options);
    if (device.identity.appKey !== undefined) return this.#readBound(device, endpoint, payload, options);
    const asksItself = (this.#binding?.isGivenUp ?? true) && endpoint === "get_secret";
    const binding = await this.#bind(device, asksItself ? payload : this.#emptyQuery(), options);
    if (!asksItself) return this.#readBound(binding.device, endpoint, payload, options);
    const { unconfirmed } = binding;
    return {
      ...this.#readAnswer(binding.device, binding.response),
      warning: unconfirmed && `The device is bound, but confirming it failed: ${unconfirmed.message}`,
    };
  }

  /** The device, bound first when needed. */
  async bound(wait: WaitOptions): Promise<Device> {
    const device = await this.open(wait);
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
    { fresh = false, context, ...wait }: ReadOptions,
  ): Promise<ReadAnswer> {
    const response = await this.#call(device, { endpoint, kind: "read", payload, fresh, context, wait });
    return this.#readAnswer(device, response);
  }

  #readAnswer(device: Device, { json, source, fetchedAt }: ServiceResponse): ReadAnswer {
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
    if (before !== undefined && !before.isGivenUp) return before.join(this.#limits(wait), bindingEnded);
    const binding = new SingleFlight(async (signal) => {
      const current = before ? await before.settled.then(() => this.deviceConfig.open()) : device;
      const request = (of: Device, kind: "bind" | "read", query: JsonObject, service?: Next) =>
        this.#call(
          of,
          { endpoint: "get_secret", kind, payload: query, fresh: true, wait: { signal } },
          service,
        );
      // What all callers abandoned may have been done all the same.
      if (current.identity.appKey !== undefined) {
        const response = await request(current, "read", payload);
        return { device: current, response, confirmation: response, unconfirmed: undefined };
      }
      const bound = await bindDevice(this.deviceConfig, current, (of, enrol) => {
        const publicKey = encodeBase64(of.privateKey.publicPoint);
        // Caches and post functions keep the last response that they see: it is the one to the caller's own query.
        const confirming = this.#isObserved ? payload : this.#emptyQuery();
        return request(of, "bind", enrol ? { publicKey, ...payload } : confirming);
      });
      if (!this.#isObserved) return bound;
      if (bound.confirmation !== undefined) return { ...bound, response: bound.confirmation };
      // Middleware saw the response while there was no application key to store it under.
      const { encryptedAppKey: _, ...json } = bound.response.json;
      const response = await request(bound.device, "bind", payload, async () => ({
        ...bound.response,
        json,
      }));
      return { ...bound, response };
    });
    this.#binding = binding;
    void binding.settled.finally(() => {
      if (this.#binding === binding) this.#binding = undefined;
    });
    return binding.join(this.#limits(wait), bindingEnded);
  }

  /** The configuration, within the caller's limits, since a storage may be slow. */
  async open(wait: WaitOptions): Promise<Device> {
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

  /** True when functions of the caller see requests and responses. */
  get #isObserved(): boolean {
    const { middleware = [], post } = this.options;
    return post !== undefined || typeof middleware === "function" || middleware.length > 0;
  }

  /** One call as this device, through whatever the caller put before the service, ended by the caller's limits. */
  #call(
    device: Device,
    call: Omit<ServiceCall, "device" | "onRetry">,
    service: Next = (request) => this.#send(device, request),
  ): Promise<ServiceResponse> {
    const { clientId, hostname, appKey } = device.identity;
    const { middleware, onRetry } = this.options;
    const chain = enforceLimits(composeMiddleware(middleware, service));
    return chain({ ...call, device: { hostname, clientId, appKey }, wait: this.#limits(call.wait), onRetry });
  }

  async #send(
    device: Device,
    { endpoint, kind, payload, wait, onRetry }: ServiceCall,
  ): Promise<ServiceResponse> {
    const { clientId, hostname } = device.identity;
    const { json, bytes, source, fetchedAt } = await this.#transport.call(
      endpoint,
      { clientVersion: this.#clientVersion, clientId, ...payload },
      {
        hostname,
        privateKey: device.privateKey,
        serverKey: device.serverKey,
        saveServerKeyId: (id) => this.deviceConfig.rememberServerKey(id),
      },
      { ...wait, onRetry },
    );
    if (json === null) return { json: {}, source, fetchedAt: fetchedAt ?? this.#clock() };
    if (source === "service") {
      return { json, source, fetchedAt: fetchedAt ?? this.#clock(), received: { json, bytes } };
    }
    if (fetchedAt === undefined && kind === "read" && endpoint === "get_secret" && holdsNoRecord(json)) {
      throw badResponse("is an earlier one, of unknown age, that holds no record", endpoint);
    }
    return { json, source, fetchedAt: fetchedAt ?? 0, received: { json, bytes } };
  }
}

/** True for a response like the one to a confirmed binding: neither records nor folders with records. */
function holdsNoRecord({ records, folders }: JsonObject): boolean {
  const isEmpty = (list: unknown): boolean => !Array.isArray(list) || list.length === 0;
  const lists = Array.isArray(folders)
    ? folders.map((folder) => isJsonObject(folder) && folder["records"])
    : [];
  return isEmpty(records) && lists.every(isEmpty);
}

const bindingEnded = (deadline: Deadline): KeeperError => endedError("get_secret", deadline);

function appKeyOf(device: Device): Uint8Array {
  const { appKey } = device.identity;
  if (appKey !== undefined) return appKey;
  throw new ConfigError("ERR_KSM_CONFIG_KEY_MISSING", "appKey is missing from the configuration.");
}
