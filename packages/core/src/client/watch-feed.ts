/** Between the poll and one reader: what happens meanwhile is kept as one state, never as a queue. */
import type { KeeperError } from "../errors/keeper-error.ts";
import type { ValueOptions } from "../references/hand-out.ts";
import type { Target } from "../references/target.ts";
import type { Poller, PollSubscriber } from "./poller.ts";
import type { RecordsRead, ReferenceSource } from "./read-references.ts";
import { WatchState, type UntypedUpdate } from "./watch-state.ts";

/** What a {@link WatchFeed} is made from. */
export interface WatchFeedOptions extends ValueOptions {
  source: ReferenceSource;
  poller: Poller;
  targets: ReadonlyMap<string, Target>;
  links: boolean;
  intervalMs: number;
  keepAlive: boolean;
  signal: AbortSignal | undefined;
}

/** One watch: subscribes to the poll from {@link start} to {@link stop}. */
export class WatchFeed implements PollSubscriber {
  readonly targets: readonly Target[];
  readonly links: boolean;
  readonly intervalMs: number;
  readonly keepAlive: boolean;
  /** Resolves when the watch has ended, however it did. */
  readonly stopped: Promise<void>;
  readonly #state: WatchState;
  readonly #poller: Poller;
  readonly #signal: AbortSignal | undefined;
  #isStopped = false;
  #crash: { readonly error: unknown } | undefined;
  #wake = (): void => {};
  #onStop = (): void => {};

  constructor({
    source,
    poller,
    targets,
    links,
    intervalMs,
    keepAlive,
    signal,
    ...values
  }: WatchFeedOptions) {
    this.targets = [...targets.values()];
    this.links = links;
    this.intervalMs = intervalMs;
    this.keepAlive = keepAlive;
    this.#poller = poller;
    this.#signal = signal;
    this.#state = new WatchState(source, targets, values);
    this.stopped = new Promise((resolve) => {
      this.#onStop = resolve;
    });
  }

  /** The last good values. */
  get values(): Record<string, unknown> | undefined {
    return this.#state.values;
  }

  /** Begins to poll. */
  start(): void {
    if (this.#signal?.aborted) this.stop();
    else {
      this.#signal?.addEventListener("abort", this.stop, { once: true });
      this.#poller.add(this);
    }
  }

  /** Ends the watch and what it waits for. */
  readonly stop = (): void => {
    if (this.#isStopped) return;
    this.#isStopped = true;
    this.#signal?.removeEventListener("abort", this.stop);
    this.#poller.remove(this);
    this.#onStop();
    this.#wake();
  };

  /** The next update, once there is one; `undefined` at the end. For one reader at a time. */
  async next(): Promise<UntypedUpdate | undefined> {
    for (;;) {
      if (this.#crash) throw this.#crash.error;
      if (this.#isStopped) return undefined;
      if (this.#state.hasNews) return this.#state.tell();
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  async take(read: RecordsRead, signal: AbortSignal): Promise<void> {
    try {
      await this.#state.take(read, { signal });
    } catch (error) {
      // The poll was ended because nobody watches any more.
      if (!this.#isStopped) throw error;
    }
    this.#wake();
  }

  fail(error: KeeperError): void {
    this.#state.fail(error);
    this.#wake();
  }

  crash(error: unknown): void {
    if (this.#isStopped) return;
    this.#crash = { error };
    this.stop();
  }
}
