/**
 * What the ksmkit clients need alike: encodings, coded errors, deadlines, redaction, size-limited HTTP.
 *
 * @module
 */
export { CodedError, type CodedErrorOptions } from "./errors/coded-error.ts";
export { decodeBase64, encodeBase64, encodeBase64Url, stripWhitespace } from "./encoding/base64.ts";
export { concatBytes, equalBytes, releaseBytes, utf8Bytes, utf8Text } from "./encoding/bytes.ts";
export { decodeHex, encodeHex } from "./encoding/hex.ts";
export { isJsonObject, parseJsonObject, type JsonObject } from "./encoding/json.ts";
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
export { Deadline, type DeadlineEnd, type WaitOptions } from "./time/deadline.ts";
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
