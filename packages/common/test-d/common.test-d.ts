/** What the compiler knows of the shared parts; this file is compiled, never run. */
import {
  CodedError,
  type concatBytes,
  type createNetworkFetch,
  Deadline,
  decodeBase64,
  encodeBase64,
  type exchange,
  HttpError,
  isJsonObject,
  type parseJsonObject,
  Redacted,
  type ExchangeAnswer,
  type FetchLike,
  type JsonObject,
  type NetworkFetch,
  type NetworkOptions,
  type Random,
  type WaitOptions,
} from "@ksmkit/common";
import { expectType, type Equal } from "@ksmkit/tool-types/expect";

// Bytes come in buffers of their own, which WebCrypto asks for.
expectType<Equal<ReturnType<typeof concatBytes>, Uint8Array<ArrayBuffer>>>();
expectType<Equal<ReturnType<typeof encodeBase64>, string>>();
// @ts-expect-error text is no bytes
encodeBase64("text");
// @ts-expect-error bytes are no text
decodeBase64(new Uint8Array());

// JSON of unknown content is `unknown`, not `any`.
declare const parsed: unknown;
if (isJsonObject(parsed)) {
  expectType<Equal<typeof parsed, JsonObject>>();
  expectType<Equal<(typeof parsed)["key"], unknown>>();
  // @ts-expect-error nothing is known of a member
  void parsed["key"].length;
}
expectType<Equal<ReturnType<typeof parseJsonObject>, JsonObject | null>>();

// Errors carry the codes of their client.
class ExampleError extends CodedError<"ERR_EXAMPLE_ONE" | "ERR_EXAMPLE_TWO"> {}
const error = new ExampleError("ERR_EXAMPLE_ONE", "text", { retryable: true });
expectType<Equal<typeof error.code, "ERR_EXAMPLE_ONE" | "ERR_EXAMPLE_TWO">>();
expectType<Equal<typeof error.cause, unknown>>();
// @ts-expect-error not one of its codes
void new ExampleError("ERR_EXAMPLE_THREE", "text");
// @ts-expect-error the base is not thrown
void new CodedError("ERR_EXAMPLE_ONE", "text");
// @ts-expect-error a code is not changed
error.code = "ERR_EXAMPLE_TWO";
declare const caught: unknown;
if (CodedError.isInstance(caught)) expectType<Equal<typeof caught.code, string>>();
if (caught instanceof HttpError) expectType<Equal<typeof caught.code extends string ? true : false, true>>();

// The platform's fetch, and a fake that answers with little.
const platform: FetchLike = fetch;
const fake: FetchLike = (url, { method, signal }) =>
  Promise.resolve({ status: url.length + method.length, headers: { get: () => null }, body: null, signal });
// @ts-expect-error an answer without a status
const broken: FetchLike = () => Promise.resolve({ headers: { get: () => null }, body: null });
void [platform, fake, broken];
expectType<Equal<ReturnType<typeof createNetworkFetch>, NetworkFetch>>();
expectType<Equal<Awaited<ReturnType<typeof exchange>>, ExchangeAnswer>>();
// Options may be left undefined, as `process.env` and optional parameters give them.
const network: NetworkOptions = { fetch: undefined, ca: undefined, proxyUrl: undefined };
// @ts-expect-error one authority or a list, not bytes
network.ca = new Uint8Array();
const wait: WaitOptions = { signal: AbortSignal.timeout(5), timeoutMs: undefined };
// @ts-expect-error milliseconds are a number
wait.timeoutMs = "5";

// A deadline is disposable.
{
  using deadline = new Deadline(wait);
  expectType<Equal<typeof deadline.signal, AbortSignal>>();
}

// What prints nothing says what it prints instead.
class Secret extends Redacted {
  override toJSON(): unknown {
    return "Secret";
  }
}
void new Secret();
// @ts-expect-error it must say what printing shows
class Silent extends Redacted {}
void Silent;

const random: Random = (length) => crypto.getRandomValues(new Uint8Array(length));
void random;
