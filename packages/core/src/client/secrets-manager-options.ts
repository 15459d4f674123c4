/** Options of the client, checked once at the boundary. */
import type { Clock, NetworkOptions, Random, Sleep } from "@ksmkit/common";
import type { ConfigStorage } from "../config/storage.ts";
import { ArgumentError } from "../errors/errors.ts";
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
const positiveNumbers = ["timeoutMs", "totalTimeoutMs", "maxResponseBytes"] as const;
const texts = [
  "token",
  "hostname",
  "serverPublicKey",
  "serverPublicKeyId",
  "clientVersion",
  "userAgent",
] as const;

/**
 * Checks the options that a program can get wrong; nothing is read or written.
 *
 * @throws {@link ArgumentError} `ERR_KSM_ARGUMENT_INVALID`
 */
export function checkOptions(options: SecretsManagerOptions): void {
  const { storage, maxThrottleRetries, clientVersion } = options ?? {};
  if (!storageMethods.every((name) => typeof storage?.[name] === "function")) {
    throw new ArgumentError("Option storage must be a configuration storage such as fileStorage({ path }).");
  }
  for (const name of texts) {
    const value = options[name];
    if (value !== undefined && typeof value !== "string")
      throw new ArgumentError(`Option ${name} must be text.`);
  }
  for (const name of positiveNumbers) {
    const value = options[name];
    if (value !== undefined && !(typeof value === "number" && value > 0))
      throw new ArgumentError(`Option ${name} must be a number above 0.`);
  }
  if (
    maxThrottleRetries !== undefined &&
    !(Number.isInteger(maxThrottleRetries) && maxThrottleRetries >= 0)
  ) {
    throw new ArgumentError("Option maxThrottleRetries must be a whole number from 0.");
  }
  const { middleware = [], onRetry } = options;
  if (onRetry !== undefined && typeof onRetry !== "function")
    throw new ArgumentError("Option onRetry must be a function.");
  if (!(Array.isArray(middleware) ? middleware : [middleware]).every((one) => typeof one === "function"))
    throw new ArgumentError("Option middleware must be a function or a list of functions.");
  if (clientVersion !== undefined && !/^[a-z]{2}\d+\.\d+\.\d+$/.test(clientVersion)) {
    throw new ArgumentError(
      "Option clientVersion must be two letters and three numbers, for example ms17.5.0.",
    );
  }
}
