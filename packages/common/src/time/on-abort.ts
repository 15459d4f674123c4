/** Many waits on one signal, one listener: Node 20 and 22 warn of a leak from the eleventh listener on. */

interface Hub {
  readonly callbacks: Set<() => void>;
  readonly listener: () => void;
}

// No state of any client: an entry exists while a call waits, and holds only the waiting calls of that signal.
const hubs = new WeakMap<AbortSignal, Hub>();

/**
 * Calls `callback` once when the signal aborts. However many callers wait on a signal, it carries one listener,
 * which goes with the last of them. An already aborted signal calls nothing: check it first.
 *
 * @param callback must not throw
 * @returns removes the callback; may be called again
 * @example
 * ```ts
 * const remove = onAbort(signal, () => reject(signal.reason));
 * work.finally(remove);
 * ```
 */
export function onAbort(signal: AbortSignal, callback: () => void): () => void {
  let hub = hubs.get(signal);
  if (hub === undefined) {
    const callbacks = new Set<() => void>();
    const listener = (): void => {
      hubs.delete(signal);
      for (const waiting of callbacks) waiting();
    };
    hub = { callbacks, listener };
    hubs.set(signal, hub);
    signal.addEventListener("abort", listener, { once: true });
  }
  const { callbacks, listener } = hub;
  // The same function may wait twice.
  const entry = (): void => callback();
  callbacks.add(entry);
  return () => {
    if (!callbacks.delete(entry) || callbacks.size > 0 || hubs.get(signal)?.listener !== listener) return;
    hubs.delete(signal);
    signal.removeEventListener("abort", listener);
  };
}
