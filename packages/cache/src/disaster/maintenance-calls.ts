/**
 * Calls that the cache makes through its own client, for warming, status and drills. A call is recognised by the
 * signal that it carries, so that nothing else in the process is affected.
 */
import type { ServiceResponse, ServiceCall } from "@ksmkit/core";
import type { DeviceCache } from "./device-cache.ts";

/** A record as far as the maintenance of a cache looks at it. */
export interface CachedRecord {
  readonly uid: string;
  readonly revision: number;
  readonly files: readonly unknown[];
}

/** The part of a client that the maintenance of a cache uses; `SecretsManager` has it. */
export interface CacheClient {
  /** How far the device is bound; the service is not asked. */
  status(): Promise<"empty" | "initialized" | "bound" | "reused">;
  getSecrets(query: {
    signal?: AbortSignal;
    uids?: readonly string[];
    links?: boolean;
    fresh: boolean;
  }): Promise<{
    readonly records: readonly CachedRecord[];
    readonly problems: readonly { readonly uid?: string | undefined }[];
    readonly freshness: { readonly ageMs: number };
  }>;
  getFolders(options: { signal?: AbortSignal; fresh: boolean }): Promise<{
    readonly folders: readonly unknown[];
    readonly freshness: { readonly ageMs: number };
  }>;
}

/**
 * How such calls are treated.
 *
 * - `warm`: asked of the service; what cannot be stored is a failure
 * - `service`: asked of the service; nothing is stored, nothing stored is given
 * - `store`: answered from the store alone
 * - `inspect`: not made at all; tells whose cache it is
 */
export type VisitMode = "warm" | "service" | "store" | "inspect";

/** One visit. */
export interface Visit {
  readonly mode: VisitMode;
  /** For `inspect`: called with the cache of the device. */
  readonly meet?: (cache: DeviceCache) => void;
}

/** An answer of nothing. */
export const emptyResponse: ServiceResponse = { json: {}, source: "cache", fetchedAt: 0 };

/** Visits that are under way. */
export class Visits {
  readonly #bySignal = new WeakMap<AbortSignal, Visit>();

  /** The visit that a call belongs to, if any. */
  of({ wait: { signal } }: ServiceCall): Visit | undefined {
    return signal && this.#bySignal.get(signal);
  }

  /** Runs `work`, whose calls must carry the signal. */
  run<T>(visit: Visit, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const { signal } = new AbortController();
    this.#bySignal.set(signal, visit);
    return work(signal);
  }
}
