/** References followed over time: an update whenever a value changed, or trouble came or went. */
import { requireInstance, requireOptions, waitChecks } from "../errors/require-options.ts";
import { Redacted, flagOption, type OptionChecks } from "@ksmkit/common";
import { ArgumentError, KeeperError, ResolveError, type ReferenceProblem } from "../errors/errors.ts";
import type { Freshness } from "../records/freshness.ts";
import type { ValueOptions } from "./model/format-value.ts";
import type { References } from "./model/reference.ts";
import type { NoOptions, Resolved } from "./model/resolved.ts";
import type { Target } from "./model/parse-reference.ts";
import { Poller } from "./poller.ts";
import { parseReferences, problemOf } from "./read-references.ts";
import { SecretsManager } from "../client/secrets-manager.ts";
import { WatchFeed } from "./watch-feed.ts";

/** Options of {@link watch}. */
export interface WatchOptions extends ValueOptions {
  /**
   * Milliseconds between two polls, 1 000 to 86 400 000; each wait varies by a tenth both ways. All watches of a
   * client share the polls of the most eager one. Also the limit of each download, if it is less than 30 seconds. Default: 60 000.
   */
  intervalMs?: number | undefined;
  /** Whether waiting for the next poll keeps the process alive. Default: false. */
  keepAlive?: boolean | undefined;
  /** Asks for the links of records too. Default: false. */
  links?: boolean | undefined;
  /** Ends the watch, as {@link WatchHandle.stop} does. */
  signal?: AbortSignal | undefined;
}

/** The state of all references of a watch. */
export interface WatchUpdate<R, O = unknown> {
  /** The last good value of every reference; `undefined` until each has had one. */
  readonly values: Resolved<R, O> | undefined;
  /** Names of the values that changed since the update before; all of them at first. */
  readonly changed: readonly (keyof R & string)[];
  /** References that have no value at present. The last good ones stay in `values`. */
  readonly problems: readonly ReferenceProblem[];
  /** Why the last poll failed as a whole; `undefined` once one succeeds again. */
  readonly error: KeeperError | undefined;
  /** Who answered the last poll that succeeded, and when. */
  readonly freshness: Freshness | undefined;
}

/** Receives the updates of a watch one after the other: the next one waits for the promise returned, if any. */
export type WatchCallback<R, O = unknown> = (update: WatchUpdate<R, O>) => unknown;

/**
 * A running watch. Iterating it yields the updates; leaving the loop ends the watch. A slow reader gets
 * fewer updates, each as things are when it is read.
 */
export class WatchHandle<R, O = unknown> extends Redacted implements AsyncIterable<WatchUpdate<R, O>> {
  /** Resolves when the watch has ended. Rejects with what a callback threw, which ends the watch. */
  readonly ended: Promise<void>;
  readonly #feed: WatchFeed;
  readonly #updates: AsyncGenerator<WatchUpdate<R, O>, void, undefined>;
  readonly #hasCallback: boolean;

  /** @internal */
  constructor(feed: WatchFeed, callback: WatchCallback<R, O> | undefined) {
    super();
    this.#feed = feed;
    this.#updates = this.#read();
    this.#hasCallback = callback !== undefined;
    this.ended = callback === undefined ? feed.stopped : this.#call(callback);
  }

  /** The last good values, without waiting; `undefined` until each reference has had one. */
  get values(): Resolved<R, O> | undefined {
    // The compiler cannot follow names and options to the values; the type tests do.
    return this.#feed.values as Resolved<R, O> | undefined;
  }

  /** Ends the watch: loops over it end, a poll under way is given up. Harmless when it has ended. */
  stop(): void {
    this.#feed.stop();
  }

  /** Same as {@link stop}, for `using`. */
  [Symbol.dispose](): void {
    this.stop();
  }

  /** {@link stop}, and waits for a callback that is still running. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.stop();
    await this.ended;
  }

  /**
   * The updates, for one loop.
   *
   * @throws {@link ArgumentError} `ERR_KSM_ARGUMENT_INVALID` when a callback receives them
   */
  [Symbol.asyncIterator](): AsyncGenerator<WatchUpdate<R, O>, void, undefined> {
    if (this.#hasCallback) throw new ArgumentError("The callback of this watch receives its updates.");
    return this.#updates;
  }

  /** What printing shows. */
  override toJSON(): unknown {
    return `WatchHandle { references: ${this.#feed.targets.length} }`;
  }

  async *#read(): AsyncGenerator<WatchUpdate<R, O>, void, undefined> {
    try {
      for (let update = await this.#feed.next(); update !== undefined; update = await this.#feed.next()) {
        yield update as WatchUpdate<R, O>;
      }
    } finally {
      this.stop();
    }
  }

  async #call(callback: WatchCallback<R, O>): Promise<void> {
    for await (const update of this.#updates) await callback(update);
  }
}

/**
 * Follows references: reads them now and from time to time, and reports when a value has changed, compared by
 * revision first and by value then. A failing poll or reference is reported once and does not end anything: the last
 * good values stay, and polls become rarer until one succeeds. All watches of a client are served by one poll,
 * which asks as {@link resolve} does.
 *
 * @throws {@link ResolveError} at once, for references that cannot be understood; {@link ArgumentError}
 * @example
 * ```ts
 * const references = { password: "keeper://Orders database/field/password" } as const;
 * for await (const { values, error } of watch(manager, references, { signal })) {
 *   if (values) pool.setPassword(values.password);
 *   if (error) log.warn(error.code); // the last good password stays
 * }
 * ```
 * @example
 * ```ts
 * using watching = watch(manager, references, ({ values }) => values && pool.setPassword(values.password));
 * ```
 */
export function watch<const R extends References, const O extends WatchOptions = NoOptions>(
  manager: SecretsManager,
  references: R,
  options?: O,
): WatchHandle<R, O>;
export function watch<const R extends References, const O extends WatchOptions = NoOptions>(
  manager: SecretsManager,
  references: R,
  callback: WatchCallback<R, O>,
  options?: O,
): WatchHandle<R, O>;
export function watch<R extends References, O extends WatchOptions>(
  manager: SecretsManager,
  references: R,
  callbackOrOptions?: WatchCallback<R, O> | O,
  more?: O,
): WatchHandle<R, O> {
  const callback = typeof callbackOrOptions === "function" ? callbackOrOptions : undefined;
  const options: WatchOptions = (typeof callbackOrOptions === "function" ? more : callbackOrOptions) ?? {};
  requireInstance(manager, SecretsManager, "manager", "a SecretsManager");
  requireOptions(options, checks, "watch");
  const { intervalMs = 60_000, keepAlive = false, links = false, signal, secret, text } = options;
  const feed = new WatchFeed({
    source: manager,
    poller: SecretsManager.extensionOf(manager, Poller),
    targets: requireTargets(references),
    intervalMs,
    keepAlive,
    links,
    signal,
    secret,
    text,
  });
  const watching = new WatchHandle<R, O>(feed, callback);
  feed.start();
  return watching;
}

const checks: OptionChecks<WatchOptions> = {
  intervalMs: {
    accepts: (value) => typeof value === "number" && value >= 1000 && value <= 86_400_000,
    expected: "a number from 1 000 to 86 400 000",
  },
  keepAlive: flagOption,
  links: flagOption,
  secret: flagOption,
  text: flagOption,
  signal: waitChecks.signal,
};

function requireTargets(references: References): ReadonlyMap<string, Target> {
  const parsed = parseReferences(references);
  if (parsed.size === 0) throw new ArgumentError("There is no reference to watch.");
  const targets = new Map<string, Target>();
  const problems: ReferenceProblem[] = [];
  for (const [name, target] of parsed) {
    if (target instanceof KeeperError) problems.push(problemOf(name, target));
    else targets.set(name, target);
  }
  if (problems.length > 0) throw new ResolveError(problems, parsed.size);
  return targets;
}
