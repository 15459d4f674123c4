/** Options of the client, checked once at the boundary. */
import {
  flagOption,
  functionOption,
  positiveOption,
  textOption,
  type Clock,
  type NetworkOptions,
  type OptionCheck,
  type OptionChecks,
  type Random,
  type Sleep,
} from "@ksmkit/common";
import type { ConfigStorage } from "../config/storage.ts";
import { objectOption, requireOptions } from "../errors/require-options.ts";
import type { Middleware } from "../middleware/middleware.ts";
import type { OnRetry } from "../transport/retry-notice.ts";
import type { PostFunction } from "../transport/transport.ts";

/** Options of {@link SecretsManager}. */
export interface SecretsManagerOptions extends NetworkOptions {
  /** Where the device configuration lives. */
  storage: ConfigStorage;
  /** One-time token. Needed until the storage is initialized; ignored when it already made this client. */
  token?: string | undefined;
  /** Region code, host, `host:port` or `https://host[:port]`: for a bare token, and over the configured host. */
  hostname?: string | undefined;
  /** Custom server key: base64 of a 65-byte P-256 point. Wins over token and configuration. */
  serverPublicKey?: string | undefined;
  /** Decimal id of the server key. Default: the configured one, else 10. */
  serverPublicKeyId?: string | undefined;
  /** Client version sent to the service, which refuses unregistered ones. Default: `ms17.5.0`. */
  clientVersion?: string | undefined;
  /** `User-Agent` header. Default: `ksmkit` on Node, the platform's own elsewhere. */
  userAgent?: string | undefined;
  /** Limit of one attempt in milliseconds, from connecting to the last byte. Default: 30 000. */
  timeoutMs?: number | undefined;
  /** Limit of one call in milliseconds, all attempts and throttle waits included. Default: 600 000. */
  totalTimeoutMs?: number | undefined;
  /** Largest answer in bytes. Default: 268 435 456 (256 MiB). */
  maxResponseBytes?: number | undefined;
  /** How often a throttled call is repeated. Default: 5. */
  maxThrottleRetries?: number | undefined;
  /**
   * Called before each repetition of a request, with its reason and the wait: a throttled call waits 11 s and more,
   * 341 s in all. What it throws ends the call.
   *
   * @example
   * ```ts
   * const onRetry = ({ endpoint, reason, delayMs }) => log.warn(`${endpoint}: ${reason}, next try in ${delayMs} ms`);
   * ```
   */
  onRetry?: OnRetry | undefined;
  /** Replaces the posting of sealed requests; see {@link PostFunction}. */
  post?: PostFunction | undefined;
  /**
   * Stands between this client and the service: caches, budgets, tracing. The first of a list is asked first;
   * see {@link Middleware}.
   */
  middleware?: Middleware | readonly Middleware[] | undefined;
  /** Current time. Default: `Date.now`. */
  clock?: Clock | undefined;
  /** Random bytes. Default: the platform's generator. */
  random?: Random | undefined;
  /** Waiting between attempts. Default: a timer. */
  sleep?: Sleep | undefined;
}

/** The published version pair that the service knows (ksm-protocol section 8.6). */
export const defaultClientVersion = "ms17.5.0";

const storageMethods = ["load", "save", "checkWritable", "discard"] as const;

/** What `ConfigStorage` asks of an object. */
export const storageOption: OptionCheck = {
  accepts: (value) =>
    storageMethods.every((name) => typeof (value as Partial<ConfigStorage> | null)?.[name] === "function"),
  expected: "a configuration storage such as fileStorage({ path })",
};

const managerChecks: OptionChecks<SecretsManagerOptions> = {
  storage: { ...storageOption, isRequired: true },
  token: textOption,
  hostname: textOption,
  serverPublicKey: textOption,
  serverPublicKeyId: textOption,
  clientVersion: {
    accepts: (value) => typeof value === "string" && /^[a-z]{2}\d+\.\d+\.\d+$/.test(value),
    expected: "two letters and three numbers, for example ms17.5.0",
  },
  userAgent: textOption,
  timeoutMs: positiveOption,
  totalTimeoutMs: positiveOption,
  maxResponseBytes: positiveOption,
  maxThrottleRetries: {
    accepts: (value) => Number.isInteger(value) && Number(value) >= 0,
    expected: "a whole number from 0",
  },
  onRetry: functionOption,
  post: functionOption,
  middleware: {
    accepts: (value) =>
      (Array.isArray(value) ? value : [value]).every((one: unknown) => typeof one === "function"),
    expected: "a function or a list of functions",
  },
  clock: functionOption,
  random: functionOption,
  sleep: functionOption,
  fetch: functionOption,
  proxyUrl: textOption,
  ca: {
    accepts: (value) =>
      (Array.isArray(value) ? value : [value]).every((one: unknown) => typeof one === "string"),
    expected: "text or a list of texts",
  },
  verifyCertificates: flagOption,
  env: objectOption,
};

/**
 * Checks the options of a client; nothing is read or written.
 *
 * @throws {@link ArgumentError} `ERR_KSM_ARGUMENT_INVALID`
 */
export function checkManagerOptions(options: SecretsManagerOptions, owner: string): void {
  requireOptions(options, managerChecks, owner);
}
