/** Keeps secrets out of logs: what `console.log`, `util.inspect` and `JSON.stringify` show of a container. */

const inspectCustom = /* @__PURE__ */ Symbol.for("nodejs.util.inspect.custom");

/**
 * Makes every common way of printing `target` show only `summary()`. The properties added are not enumerable.
 *
 * @example
 * ```ts
 * class Client { constructor() { redact(this, () => `Client(${this.host})`); } }
 * ```
 */
export function redact(target: object, summary: () => unknown): void {
  const hidden = { enumerable: false, configurable: true };
  Object.defineProperty(target, inspectCustom, { ...hidden, value: summary });
  Object.defineProperty(target, "toJSON", { ...hidden, value: summary });
}
