/** One piece of work that several callers wait for. */
import { Deadline, type WaitOptions } from "./deadline.ts";

/**
 * Starts the work at once. Each caller keeps limits of its own; the work is given up when all callers have gone.
 *
 * @example
 * ```ts
 * let renewal: SingleFlight<Token> | undefined;
 * const token = (wait: WaitOptions): Promise<Token> => {
 *   if (renewal === undefined || renewal.isGivenUp) renewal = new SingleFlight((signal) => renew(signal));
 *   return renewal.join(wait, (deadline) => new RenewalError(deadline.end));
 * };
 * ```
 */
export class SingleFlight<T> {
  readonly #controller = new AbortController();
  readonly #result: Promise<T>;
  #waiting = 0;

  /** Resolves when the work has ended, however it ended. */
  readonly settled: Promise<unknown>;

  /** @param work ends when the signal aborts */
  constructor(work: (signal: AbortSignal) => Promise<T>) {
    this.#result = work(this.#controller.signal);
    // A failure reaches those who wait; once all of them have gone it reaches no one.
    this.settled = this.#result.catch(() => {});
  }

  /** True once all callers have gone: the work is given up, and what comes later starts its own. */
  get isGivenUp(): boolean {
    return this.#controller.signal.aborted;
  }

  /**
   * Waits for the result within a caller's limits.
   *
   * @param toError makes the error for a caller whose limits end first. Default: the reason of the signal
   * @throws what `toError` makes, or what the work throws
   */
  async join(wait: WaitOptions, toError?: (deadline: Deadline) => unknown): Promise<T> {
    this.#waiting++;
    const deadline = new Deadline(wait);
    try {
      return await deadline.race(this.#result);
    } catch (error) {
      throw deadline.end === undefined || toError === undefined ? error : toError(deadline);
    } finally {
      deadline.stop();
      if (--this.#waiting === 0) this.#controller.abort();
    }
  }
}
