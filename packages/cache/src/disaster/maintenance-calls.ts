/** Calls that the cache makes through a client for warming, status and drills: reads that carry a context. */
import type { ServiceCall, ServiceResponse } from "@ksmkit/core";
import type { DeviceCache } from "./device-cache.ts";

/** A record as far as the maintenance of a cache looks at it. */
export interface CachedRecord {
  readonly uid: string;
  readonly revision: number;
  readonly files: readonly unknown[];
}

/** The part of a client that the maintenance of a cache uses; `SecretsManager` has it. */
export interface CacheClient {
  /** State of the device; the service is not asked. */
  status(): Promise<"empty" | "initialized" | "bound" | "reused">;
  getSecrets(query: { context: object; uids?: readonly string[]; links?: boolean; fresh: boolean }): Promise<{
    readonly records: readonly CachedRecord[];
    readonly problems: readonly { readonly uid?: string | undefined }[];
    readonly freshness: { readonly ageMs: number };
  }>;
  getFolders(options: { context: object; fresh: boolean }): Promise<{
    readonly folders: readonly unknown[];
    readonly freshness: { readonly ageMs: number };
  }>;
}

/**
 * How such a call is treated.
 *
 * - `warm`: sent to the service; a response that cannot be stored is a failure
 * - `service`: sent to the service; nothing is stored and nothing stored is returned
 * - `store`: answered from the store alone
 * - `locate`: not sent at all; finds the cache of the client's device
 */
export type MaintenanceMode = "warm" | "service" | "store" | "locate";

/** The context of a call that maintains a cache. */
export class MaintenanceContext {
  /** The cache that makes the call; another one in the same chain passes it on. */
  readonly #owner: object;
  readonly mode: MaintenanceMode;
  /** The cache of the client's device, once the call has passed it. */
  deviceCache: DeviceCache | undefined;

  constructor(owner: object, mode: MaintenanceMode) {
    this.#owner = owner;
    this.mode = mode;
  }

  /** The context of a call, if it was made by `owner`. */
  static of({ context }: ServiceCall, owner: object): MaintenanceContext | undefined {
    return context instanceof MaintenanceContext && context.#owner === owner ? context : undefined;
  }
}

/** The response to a call that is not sent. */
export const emptyResponse: ServiceResponse = { json: {}, source: "cache", fetchedAt: 0 };
