/** Between the poll and one reader: what happens meanwhile is kept as one state, never as a queue. */
import { onAbort } from "@ksmkit/common";
import type { KeeperError } from "../errors/errors.ts";
import type { ValueOptions } from "./model/format-value.ts";
import type { Target } from "./model/parse-reference.ts";
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

const maxDownloadMs = 30_000;

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
  /** Aborts when the watch ends. */
  readonly #ending = new AbortController();
  #release: (() => void) | undefined;
  #isDownloading = false;
  #fatal: { readonly error: unknown } | undefined;
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
      this.#release = this.#signal && onAbort(this.#signal, this.stop);
      this.#poller.add(this);
    }
  }

  /** Ends the watch and what it waits for. */
  readonly stop = (): void => {
    if (this.#isStopped) return;
    this.#ending.abort();
    this.#release?.();
    this.#poller.remove(this);
    this.#onStop();
    this.#wake();
  };

  /** The next update, once there is one; `undefined` at the end. For one reader at a time. */
  async next(): Promise<UntypedUpdate | undefined> {
    for (;;) {
      if (this.#fatal) throw this.#fatal.error;
      if (this.#isStopped) return undefined;
      if (this.#state.hasUpdate) return this.#state.takeUpdate();
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  onResult(read: RecordsRead): void {
    if (this.#isStopped) return;
    this.#state.onResult(read);
    this.#wake();
    if (!this.#isDownloading) void this.#download();
  }

  onError(error: KeeperError): void {
    this.#state.onError(error);
    this.#wake();
  }

  onFatal(error: unknown): void {
    if (this.#isStopped) return;
    this.#fatal = { error };
    this.stop();
  }

  get #isStopped(): boolean {
    return this.#ending.signal.aborted;
  }

  /** Downloads what is wanted, and what polls want meanwhile. Never rejects. */
  async #download(): Promise<void> {
    const { signal } = this.#ending;
    const timeoutMs = Math.min(this.intervalMs, maxDownloadMs);
    this.#isDownloading = true;
    try {
      while (this.#state.wantsFiles && !signal.aborted) {
        await this.#state.download({ signal, timeoutMs });
        this.#wake();
      }
    } catch (error) {
      // A download that the end of the watch ended is no failure; onFatal() knows.
      this.onFatal(error);
    } finally {
      this.#isDownloading = false;
    }
  }
}
