/**
 * What the ksmkit clients need alike: encodings, checked JSON and options, coded errors, deadlines, redaction,
 * size-limited HTTP.
 *
 * @module
 */
export { CodedError, type CodedErrorOptions } from "./errors/coded-error.ts";
export { decodeBase64, encodeBase64, encodeBase64Url, stripWhitespace } from "./encoding/base64.ts";
export { concatBytes, equalBytes, releaseBytes, utf8Bytes, utf8Text } from "./encoding/bytes.ts";
export { decodeHex, encodeHex } from "./encoding/hex.ts";
export { JsonScanner, type JsonToken } from "./json/json-scanner.ts";
export { compactJson, memberLiterals } from "./json/member-literals.ts";
export {
  isJsonObject,
  parseJson,
  parseJsonObject,
  type JsonObject,
  type ParsedJson,
  type ParseJsonOptions,
} from "./json/parse-json.ts";
export {
  checkOptions,
  flagOption,
  functionOption,
  oneOf,
  positiveOption,
  required,
  signalOption,
  textOption,
  waitOptionChecks,
  type OptionCheck,
  type OptionChecks,
} from "./options/check-options.ts";
export { nearestName } from "./options/nearest-name.ts";
export { printable } from "./text/printable.ts";
export {
  backgroundSleep,
  platformRandom,
  platformSleep,
  type Clock,
  type Random,
  type Sleep,
} from "./time/clock.ts";
export { isPromise } from "./time/is-promise.ts";
export { onAbort } from "./time/on-abort.ts";
export { backoffMs, namedDelayMs, retryAfterMs, type Backoff } from "./time/backoff.ts";
export { PollScheduler, type PollSchedulerOptions } from "./time/poll-scheduler.ts";
export { retry, type RetryNotice, type RetryOptions } from "./time/retry.ts";
export { TokenBucket, type RateLimit, type TokenBucketOptions } from "./time/token-bucket.ts";
export { Deadline, sharedDeadline, type DeadlineEnd, type WaitOptions } from "./time/deadline.ts";
export { SingleFlight } from "./time/single-flight.ts";
export { redact, Redacted } from "./redaction.ts";
export type {
  FetchLike,
  FetchRequest,
  FetchResponse,
  NetworkFetch,
  NetworkOptions,
} from "./http/fetch-types.ts";
export { createNetworkFetch } from "./http/create-network-fetch.ts";
export { exchange, type ExchangeAnswer, type ExchangeLimits, type ExchangeRequest } from "./http/exchange.ts";
export { HttpError, hostOf, toHttpError, type HttpErrorCode, type HttpErrorKind } from "./http/http-error.ts";
