/** Polls at intervals that are never shorter than the service allows. */
import { chance } from "./backoff.ts";
import { platformRandom, platformSleep, type Clock, type Random, type Sleep } from "./clock.ts";

/** Options of {@link PollScheduler}. */
export interface PollSchedulerOptions {
  /**
   * Polls once. The next poll is planned when it has ended.
   *
   * @param signal - aborts when the scheduler is closed
   * @returns milliseconds to wait at least before the next poll, for example what the service named; nothing for the
   *   interval
   */
  poll: (signal: AbortSignal) => Promise<number | void>;
  /** Milliseconds from the end of a poll to the next. */
  intervalMs: number;
  /** No two polls are closer than this, whatever is asked for. Default: the interval. */
  minIntervalMs?: number | undefined;
  /** By which part of itself a wait gets longer at random; never shorter. Default: 0.1. */
  jitter?: number | undefined;
  /** Called with what `poll` throws; the polling goes on. Must not throw. */
  onError: (error: unknown) => void;
  /** Milliseconds that only go forward. Default: `performance.now`. */
  clock?: Clock | undefined;
  /** Random bytes. Default: the platform's generator. */
  random?: Random | undefined;
  /** Waiting. Default: a timer that keeps the process alive; see `backgroundSleep`. */
  sleep?: Sleep | undefined;
}

/**
 * Runs one poll after the other while it is started. It may be stopped and started, and its interval changed, as often
 * as wanted: there is one timer at a time, and polls keep their distance.
 *
 * @example
 * ```ts
 * const scheduler = new PollScheduler({ poll: (signal) => ask(signal), intervalMs: 15_000, minIntervalMs: 10_000 });
 * scheduler.start(); // polls at once
 * await scheduler.close();
 * ```
 */
export class PollScheduler {
  readonly #options: PollSchedulerOptions;
  readonly #clock: Clock;
  #intervalMs: number;
  /** When the last poll ended. */
  #polledAt = -Infinity;
  /** What the last poll asked to wait at least. */
  #leastMs = 0;
  /** How much longer than planned this wait is, at random. */
  #stretch = 1;
  /** True when the next poll waits for the distance only, not for the interval. */
  #isWanted = true;
  #polling: Promise<void> | undefined;
  #run: AbortController | undefined;
  /** The wait under way; aborting it makes the loop look at the time again. */
  #wait: AbortController | undefined;
  #closed = false;

  constructor(options: PollSchedulerOptions) {
    this.#options = options;
    this.#clock = options.clock ?? (() => performance.now());
    this.#intervalMs = options.intervalMs;
  }

  /** True between {@link start} and {@link stop} or {@link close}. */
  get isRunning(): boolean {
    return this.#run !== undefined;
  }

  /** Polls from now on, the first time as soon as the distance to the last poll allows. Harmless when it runs. */
  start(): void {
    if (this.#run !== undefined || this.#closed) return;
    const run = new AbortController();
    this.#run = run;
    this.#isWanted = true;
    const before = this.#polling ?? Promise.resolve();
    this.#polling = before.then(() => this.#loop(run));
  }

  /** Asks for the next poll as soon as the distance to the last one allows, instead of after the interval. */
  pollSoon(): void {
    this.#isWanted = true;
    this.#wait?.abort();
  }

  /** Takes another interval, for the wait under way too. */
  setInterval(intervalMs: number): void {
    this.#intervalMs = intervalMs;
    this.#wait?.abort();
  }

  /** Polls no more until it is started again. A poll under way is aborted. */
  stop(): void {
    this.#run?.abort();
    this.#run = undefined;
    this.#wait?.abort();
  }

  /** {@link stop} for good, and waits for a poll under way to end. */
  async close(): Promise<void> {
    this.#closed = true;
    this.stop();
    await this.#polling;
  }

  async #loop(run: AbortController): Promise<void> {
    const { signal } = run;
    const { poll, onError, random = platformRandom, jitter = 0.1 } = this.#options;
    try {
      while (await this.#isDue(signal)) {
        this.#isWanted = false;
        this.#leastMs = 0;
        try {
          this.#leastMs = (await poll(signal)) ?? 0;
        } catch (error) {
          if (!signal.aborted) onError(error);
        } finally {
          this.#polledAt = this.#clock();
          this.#stretch = 1 + jitter * chance(random);
        }
      }
    } finally {
      if (this.#run === run) this.#run = undefined;
    }
  }

  /** Waits for the time of the next poll; false when the polling has ended instead. */
  async #isDue(signal: AbortSignal): Promise<boolean> {
    const { minIntervalMs = this.#intervalMs, sleep = platformSleep } = this.#options;
    while (!signal.aborted) {
      const distanceMs = Math.max(minIntervalMs, this.#leastMs);
      const plannedMs = this.#isWanted ? distanceMs : Math.max(this.#intervalMs, distanceMs) * this.#stretch;
      const waitMs = Math.ceil(this.#polledAt + plannedMs - this.#clock());
      if (!(waitMs > 0)) return true;
      const wait = new AbortController();
      this.#wait = wait;
      try {
        await sleep(waitMs, wait.signal);
      } catch (error) {
        if (!wait.signal.aborted) throw error;
      }
    }
    return false;
  }
}
