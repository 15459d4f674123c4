/** The calls that a fake received, without key material. */

/** One call as received, counted also when it failed. */
export interface KmsCall {
  operation: string;
  /** The key as the caller named it. */
  key: string;
  /** Whose credentials came with the call, when the protocol shows it. */
  identity?: string | undefined;
}

/** The calls since the start or the last {@link CallLog.clear}. */
export class CallLog {
  #calls: KmsCall[] = [];

  add(call: KmsCall): void {
    this.#calls.push(call);
  }

  /** All calls, oldest first. */
  all(): readonly KmsCall[] {
    return [...this.#calls];
  }

  /** How many calls came, or how many of one operation. */
  count(operation?: string): number {
    return operation === undefined
      ? this.#calls.length
      : this.#calls.filter((call) => call.operation === operation).length;
  }

  /** The operations in order, handy for whole-sequence assertions. */
  operations(): string[] {
    return this.#calls.map((call) => call.operation);
  }

  clear(): void {
    this.#calls = [];
  }
}
