/** One call to the service: seal, post, open; another server key when asked, a wait when throttled (ksm-protocol sections 6.2, 8, 9). */
import {
  concatBytes,
  Deadline,
  parseJsonObject,
  platformSleep,
  utf8Text,
  type JsonObject,
} from "@ksmkit/common";
import type { ServerKey } from "@ksmkit/core/internal";
import { failure, KeeperThrottleError } from "../errors.ts";
import { platform } from "../platform/connect.ts";
import type { EncryptedPayload, KeeperHttpResponse, TransmissionKey } from "../types/platform.ts";
import type { SecretManagerOptions } from "../types/records.ts";
import { patientDelay, parseThrottle } from "./throttle.ts";
import { builtInServerKey, storedServerKey, transmissionKeyFor } from "./transmission-key.ts";
import { clientVersion } from "./version.ts";

const maxThrottleRetries = 5;
const maxRotations = 3;
/** Longer than any default limit below: only a query function that never settles gets here. */
const attemptMs = 600_000;

/** Posts a sealed request through the platform: what happens unless the options hold a query function. */
export const postFunction = (
  url: string,
  transmissionKey: TransmissionKey,
  payload: EncryptedPayload,
  allowUnverifiedCertificate?: boolean,
): Promise<KeeperHttpResponse> =>
  platform.post(
    url,
    payload.payload,
    {
      PublicKeyId: String(transmissionKey.publicKeyId),
      TransmissionKey: platform.bytesToBase64(transmissionKey.encryptedKey),
      Authorization: `Signature ${platform.bytesToBase64(payload.signature)}`,
    },
    allowUnverifiedCertificate,
  );

/** The device's client id. @internal */
export async function readClientId({ storage }: SecretManagerOptions): Promise<string> {
  const clientId = await storage.getString("clientId");
  if (clientId) return clientId;
  throw failure("Client Id is missing from the configuration");
}

/** Calls an endpoint that answers with an object. @internal */
export async function postForObject(
  options: SecretManagerOptions,
  endpoint: string,
  payload: JsonObject,
): Promise<JsonObject> {
  const bytes = await postQuery(options, endpoint, payload);
  const answer = parseJsonObject(platform.bytesToString(bytes));
  if (answer !== null) return answer;
  // The platform's own message would quote what was received.
  throw new SyntaxError(`The answer to ${endpoint} is ${bytes.length === 0 ? "empty" : "not a JSON object"}`);
}

/**
 * Calls an endpoint, however many attempts it takes.
 *
 * @internal
 * @returns the opened answer; empty for the success of an endpoint that only writes
 * @throws `Error` with the service's own words, `KeeperThrottleError`, and whatever the query function throws
 */
export async function postQuery(
  options: SecretManagerOptions,
  endpoint: string,
  payload: JsonObject,
): Promise<Uint8Array> {
  const { storage, throttleSleep = platformSleep } = options;
  await saveServerKey(options);
  const hostname = await storage.getString("hostname");
  if (!hostname) throw failure("hostname is missing from the configuration");
  const call: Call = {
    options,
    url: `https://${hostname}/api/rest/sm/v1/${endpoint}`,
    json: platform.stringToBytes(JSON.stringify({ clientVersion: clientVersion(), ...payload })),
  };
  let serverKey = await storedServerKey(storage);
  let rotations = 0;
  let throttles = 0;
  for (;;) {
    const { transmissionKey, response } = await attempt(call, serverKey);
    const { statusCode, data } = response;
    if (statusCode === 200) {
      const opened = data?.length
        ? await platform.decryptWithKey(data, transmissionKey.key)
        : new Uint8Array();
      // Only what worked is kept: an id that the service named by mistake would lock every later call out.
      if (rotations > 0) await storage.saveString("serverPublicKeyId", serverKey.id);
      return opened;
    }
    const body = utf8Text(data ?? new Uint8Array());
    const asked = parseThrottle(body);
    const refusal = parseJsonObject(body) ?? {};
    if (statusCode === 429 || (statusCode === 403 && asked !== null)) {
      if (throttles >= maxThrottleRetries) {
        throw new KeeperThrottleError(
          `Request throttled by Keeper backend; exhausted ${maxThrottleRetries} retries`,
        );
      }
      await throttleSleep(patientDelay(throttles++, asked ?? 0));
    } else if ((refusal["result_code"] ?? refusal["error"]) === "key") {
      serverKey = nextServerKey(refusal["key_id"], serverKey, rotations++);
    } else {
      throw failure(printableText(body).slice(0, 1000) || `unknown ksm error, code ${statusCode}`);
    }
  }
}

/** What stays the same over the attempts of one call. */
interface Call {
  readonly options: SecretManagerOptions;
  readonly url: string;
  readonly json: Uint8Array;
}

/** One attempt: everything but the JSON is new each time. */
async function attempt(
  { options, url, json }: Call,
  serverKey: ServerKey,
): Promise<{ transmissionKey: TransmissionKey; response: KeeperHttpResponse }> {
  const { storage, queryFunction = postFunction, allowUnverifiedCertificate } = options;
  const transmissionKey = await transmissionKeyFor(serverKey, options);
  const sealed = await platform.encryptWithKey(json, transmissionKey.key);
  const signature = await platform.sign(
    concatBytes(transmissionKey.encryptedKey, sealed),
    "privateKey",
    storage,
  );
  const deadline = new Deadline({ timeoutMs: attemptMs });
  try {
    const response = await deadline.race(
      // Whatever it returns or throws, at once or later, counts as the promise would.
      (async () =>
        queryFunction(url, transmissionKey, { payload: sealed, signature }, allowUnverifiedCertificate))(),
    );
    return { transmissionKey, response };
  } finally {
    deadline.stop();
  }
}

/** Keeps the options' server key in the storage, where the next call finds it. @internal */
export async function saveServerKey({
  storage,
  serverPublicKey,
  serverPublicKeyId,
}: SecretManagerOptions): Promise<void> {
  for (const [name, value] of Object.entries({ serverPublicKey, serverPublicKeyId })) {
    if (value && (await storage.getString(name)) !== value) await storage.saveString(name, value);
  }
}

/** The server key that the service asks for, if it is one to be trusted and trying again can help. */
function nextServerKey(keyId: unknown, current: ServerKey, rotations: number): ServerKey {
  const id = typeof keyId === "number" || typeof keyId === "string" ? String(keyId).trim() : "";
  if (current.custom) {
    throw failure(
      `Server rejected the custom server public key (id ${current.id}). The server suggested key id ${id}. Please update your IL5 KSM configuration.`,
    );
  }
  if (id === "") throw failure("The service asks for another server key without saying which");
  const next = builtInServerKey(id);
  if (rotations >= maxRotations || (rotations === 0 && next.id === current.id)) {
    throw failure(`The service keeps asking for server key ${id}, which it was sent`);
  }
  return next;
}

/** Text as it is; "" for a body that is none. */
function printableText(body: string): string {
  // Controls but line breaks and tabs, and what is left of bytes that are no UTF-8.
  return /[^\P{Cc}\n\r\t]|\uFFFD/u.test(body) ? "" : body;
}
