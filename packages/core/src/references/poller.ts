/** One poll for all watches of a client: what they watch is read together, as often as the most eager one wants. */
import { backgroundSleep, platformSleep, type Sleep } from "@ksmkit/common";
import { KeeperError, ThrottledError } from "../errors/errors.ts";
import type { Target } from "./model/parse-reference.ts";
import type { ServiceClient } from "../client/service-client.ts";
import { readRecords, type RecordsRead } from "./read-references.ts";
import { SecretsManager } from "../client/secrets-manager.ts";

/** One watch, as the poll sees it. */
export interface PollSubscriber {
  readonly targets: readonly Target[];
  readonly links: boolean;
  readonly intervalMs: number;
  /** Whether the wait for the next poll keeps the process alive. */
  readonly keepAlive: boolean;
  /** Takes what was read. What takes its time, the poll does not wait for. */
  onResult(read: RecordsRead): void;
  /** Called when the poll failed. */
  onError(error: KeeperError): void;
  /** Ends with what is no failure of the service. */
  onFatal(error: unknown): void;
}

const maxBackOffMs = 600_000;
/** A day: timers take no more than 24, and fire at once when asked to. */
const maxWaitMs = 86_400_000;

/** Polls while there are subscribers. One of a client, see {@link SecretsManager.extensionOf}. */
export class Poller {
  readonly #manager: SecretsManager;
  readonly #service: ServiceClient;
  readonly #subscribers = new Set<PollSubscriber>();
  /** The running loop; aborting it ends it. */
  #loop: AbortController | undefined;
  /** The wait between two polls; aborting it ends the wait. */
  #sleep: AbortController | undefined;

  constructor(manager: SecretsManager) {
    this.#manager = manager;
    this.#service = SecretsManager.connectionOf(manager);
  }

  /** Polls for one more from now on; at once, unless others join in the same tick. */
  add(subscriber: PollSubscriber): void {
    this.#subscribers.add(subscriber);
    this.#sleep?.abort();
    if (this.#loop !== undefined) return;
    this.#loop = new AbortController();
    void this.#run(this.#loop);
  }

  /** Polls for one less; the last one ends the poll under way. */
  remove(subscriber: PollSubscriber): void {
    this.#subscribers.delete(subscriber);
    if (this.#subscribers.size > 0) return;
    this.#loop?.abort();
    this.#loop = undefined;
    this.#sleep?.abort();
  }

  /** Never rejects: failures are reported to the subscribers. */
  async #run(loop: AbortController): Promise<void> {
    const { signal } = loop;
    let failures = 0;
    try {
      // Watches that begin in the same tick share the first poll.
      await undefined;
      while (!signal.aborted) {
        const served = new Set(this.#subscribers);
        const error = await this.#poll(served, signal);
        if (signal.aborted) return;
        failures = error === undefined ? 0 : failures + 1;
        const newSubscribers = [...this.#subscribers].some((subscriber) => !served.has(subscriber));
        if (!newSubscribers) await this.#pause(this.#delayMs(failures, error));
      }
    } catch (error) {
      for (const subscriber of signal.aborted ? [] : [...this.#subscribers]) subscriber.onFatal(error);
    }
  }

  /** One request for everything that is watched. Returns the failure, when it failed. */
  async #poll(served: ReadonlySet<PollSubscriber>, signal: AbortSignal): Promise<KeeperError | undefined> {
    const targets = [...served].flatMap((subscriber) => subscriber.targets);
    const links = [...served].some((subscriber) => subscriber.links);
    let read: RecordsRead;
    try {
      read = await readRecords(this.#manager, targets, { links, fresh: true, signal });
    } catch (error) {
      if (!(error instanceof KeeperError)) throw error;
      if (!signal.aborted) for (const subscriber of served) subscriber.onError(error);
      return error;
    }
    for (const subscriber of served) {
      try {
        subscriber.onResult(read);
      } catch (error) {
        subscriber.onFatal(error);
      }
    }
    return undefined;
  }

  /** Doubles with every failure in a row; never shorter than the service asked for. */
  #delayMs(failures: number, error: KeeperError | undefined): number {
    const intervalMs = Math.min(...[...this.#subscribers].map((subscriber) => subscriber.intervalMs));
    const backOffMs = Math.min(intervalMs * 2 ** failures, Math.max(intervalMs, maxBackOffMs));
    const chance = (this.#service.random(1)[0] ?? 0) / 256;
    const askedMs = error instanceof ThrottledError ? error.retryAfterMs : 0;
    return Math.max(Math.round(backOffMs * (0.9 + chance / 5)), Math.min(askedMs, maxWaitMs));
  }

  async #pause(ms: number): Promise<void> {
    const wake = new AbortController();
    this.#sleep = wake;
    const keepAlive = [...this.#subscribers].some((subscriber) => subscriber.keepAlive);
    const sleep: Sleep = this.#service.options.sleep ?? (keepAlive ? platformSleep : backgroundSleep);
    try {
      await sleep(ms, wake.signal);
    } catch (error) {
      if (!wake.signal.aborted) throw error;
    } finally {
      // A sleep that ignores its signal may outlive its loop.
      if (this.#sleep === wake) this.#sleep = undefined;
    }
  }
}
