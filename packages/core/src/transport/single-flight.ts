/** One piece of work that several callers wait for. */
import { Deadline, type WaitOptions } from "@ksmkit/common";
import { endedError } from "./refusal.ts";

/** Starts at once. Each caller keeps limits of its own; the work is given up when all callers have gone. */
export class SingleFlight<T> {
  readonly #controller = new AbortController();
  readonly #result: Promise<T>;
  #waiting = 0;

  /** Ends with the work, however it ends. */
  readonly settled: Promise<unknown>;

  /** @param work ends when the signal aborts */
  constructor(work: (signal: AbortSignal) => Promise<T>) {
    this.#result = work(this.#controller.signal);
    // Whoever waits hears of a failure; when nobody does any more, nobody needs to.
    this.settled = this.#result.catch(() => {});
  }

  /** True once all callers have gone: nobody may join any more. */
  get isGivenUp(): boolean {
    return this.#controller.signal.aborted;
  }

  /**
   * Waits for the result within a caller's limits.
   *
   * @param endpoint what a message about these limits names
   * @throws {@link AbortedError} `ERR_KSM_ABORTED`, {@link TransportError} `ERR_KSM_TRANSPORT_TIMEOUT`, or what the
   *   work throws
   */
  async join(wait: WaitOptions, endpoint: string): Promise<T> {
    this.#waiting++;
    const deadline = new Deadline(wait);
    try {
      return await deadline.race(this.#result);
    } catch (error) {
      throw deadline.end === undefined ? error : endedError(endpoint, deadline);
    } finally {
      deadline.stop();
      if (--this.#waiting === 0) this.#controller.abort();
    }
  }
}
