/** A value that shows itself only to the function it is handed to. */
import { isPromise, Redacted } from "@ksmkit/common";
import { SecretError } from "../errors/errors.ts";

const shown = "[redacted]";

/**
 * Holds a text, bytes or a field's object so that it cannot get into a log by accident: `util.inspect`,
 * `JSON.stringify`, template strings, `String()`, concatenation and structured cloning show `[redacted]` or
 * nothing. Only {@link Secret.use} reveals the value.
 *
 * Bytes belong to the secret from then on and are overwritten when it is dropped. A text is only let go: its
 * memory is the engine's.
 *
 * @example
 * ```ts
 * using password = new Secret("pa55");
 * console.log(`${password}`);                    // [redacted]
 * await password.use((text) => connect(text));
 * ```
 */
export class Secret<out T = string> extends Redacted {
  #held: { readonly value: T } | undefined;
  #uses = 0;

  /** Keeps the value; bytes are not copied. */
  constructor(value: T) {
    super();
    this.#held = { value };
  }

  /** True after {@link dispose}. */
  get isDisposed(): boolean {
    return this.#held === undefined;
  }

  /**
   * Passes the value to a function and returns its result. Bytes are valid until the function returns, or
   * the promise it returns settles: copy what has to live longer than the secret.
   *
   * @throws {@link SecretError} `ERR_KSM_SECRET_DISPOSED`, and what the function throws
   */
  use<U>(fn: (value: T) => U): U {
    const held = this.#held;
    if (held === undefined) {
      throw new SecretError("The secret was disposed; resolve the reference again.");
    }
    this.#uses++;
    let result: U;
    try {
      result = fn(held.value);
    } catch (error) {
      this.#release(held.value);
      throw error;
    }
    if (!isPromise(result)) {
      this.#release(held.value);
      return result;
    }
    const release = (): void => this.#release(held.value);
    result.then(release, release);
    return result;
  }

  /** Drops the value. Bytes are overwritten with zeros at once or, while {@link use} runs, when that ends. */
  dispose(): void {
    const held = this.#held;
    this.#held = undefined;
    if (held !== undefined && this.#uses === 0) overwrite(held.value);
  }

  /** Same as {@link dispose}, for `using`. */
  [Symbol.dispose](): void {
    this.dispose();
  }

  /** What printing shows. */
  override toJSON(): string {
    return shown;
  }

  /** What conversion to text shows. */
  override toString(): string {
    return shown;
  }

  /** What operators see. */
  [Symbol.toPrimitive](): string {
    return shown;
  }

  #release(value: T): void {
    this.#uses--;
    if (this.#uses === 0 && this.#held === undefined) overwrite(value);
  }
}

function overwrite(value: unknown): void {
  if (value instanceof Uint8Array) value.fill(0);
}
