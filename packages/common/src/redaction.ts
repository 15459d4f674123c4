/** Keeps secrets out of logs: what `console.log`, `util.inspect` and `JSON.stringify` show of a container. */

/**
 * Makes every common way of printing `target` show only what `summary` returns. Pass a class's prototype to
 * cover all its instances; `this` is then the instance. The properties added are not enumerable.
 *
 * @example
 * ```ts
 * class Client {
 *   static { redact(this.prototype, function (this: Client) { return `Client(${this.host})`; }); }
 * }
 * ```
 */
export function redact<T extends object>(target: T, summary: (this: T) => unknown): void {
  const property = { value: summary, enumerable: false, configurable: true };
  Object.defineProperty(target, Symbol.for("nodejs.util.inspect.custom"), property);
  Object.defineProperty(target, "toJSON", property);
}

const inspectCustom: unique symbol = Symbol.for("nodejs.util.inspect.custom") as never;

/**
 * Base of classes that show only what their `toJSON` returns, however they are printed. A base class instead of
 * {@link redact}, so that bundlers can leave unused classes out.
 */
export abstract class Redacted {
  /** What printing and serialising shows: never a secret. */
  abstract toJSON(): unknown;

  /** @internal */
  [inspectCustom](): unknown {
    return this.toJSON();
  }
}
