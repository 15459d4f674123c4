/** The service: signatures, faults and the log of calls. */
import { CallLog } from "../call-log.ts";
import { FaultSchedule, type Fault } from "../faults.ts";
import { flipBase64Bit } from "../flip-bit.ts";
import { startHttpService, type HttpAnswer, type HttpRequest } from "../http-service.ts";
import { injectFault, type ServiceRefusals } from "../inject-fault.ts";
import { createOracleKey, type OracleKey, type OracleKeyOptions } from "./keys.ts";
import { oracleOperations, oracleResultField, type OracleOperation } from "./operations.ts";
import { createOracleUser, verifiedUser, type OracleUser } from "./request-signature.ts";
import { notAuthorizedOrNotFound, OracleServiceError } from "./service-error.ts";

/** A running fake. */
export interface OracleKms extends AsyncDisposable {
  /** Serves as the crypto and as the management endpoint. */
  readonly endpoint: string;
  readonly faults: FaultSchedule;
  readonly calls: CallLog;
  /** Adds a user whose signatures are accepted. */
  createUser(privateKeyPem?: string): Promise<OracleUser>;
  /** Adds a key; without options an AES key. */
  createKey(options?: OracleKeyOptions): Promise<OracleKey>;
  close(): Promise<void>;
}

const json = { "content-type": "application/json", "opc-request-id": "fake" };
const version = "/20180608";

/**
 * Starts the service in this process.
 *
 * @example
 * ```ts
 * await using kms = await startOracleKms();
 * const { tenancy, user, fingerprint, privateKey } = await kms.createUser();
 * const auth = new SimpleAuthenticationDetailsProvider(tenancy, user, fingerprint, privateKey, null);
 * const client = new KmsCryptoClient({ authenticationDetailsProvider: auth });
 * client.endpoint = kms.endpoint;
 * ```
 */
export async function startOracleKms(): Promise<OracleKms> {
  const keys: OracleKey[] = [];
  const users: OracleUser[] = [];
  const faults = new FaultSchedule();
  const calls = new CallLog();
  const http = await startHttpService((request) => answer(request, { keys, users, faults, calls }));
  return {
    endpoint: http.url,
    faults,
    calls,
    async createUser(privateKeyPem) {
      const user = await createOracleUser(privateKeyPem);
      users.push(user);
      return user;
    },
    async createKey(options = {}) {
      const key = await createOracleKey(options);
      keys.push(key);
      return key;
    },
    close: () => http.close(),
    [Symbol.asyncDispose]: () => http.close(),
  };
}

interface ServiceState {
  keys: readonly OracleKey[];
  users: readonly OracleUser[];
  faults: FaultSchedule;
  calls: CallLog;
}

async function answer(
  request: HttpRequest,
  { keys, users, faults, calls }: ServiceState,
): Promise<HttpAnswer> {
  try {
    const { operation, keyId, input } = parse(request);
    const { user } = verifiedUser(request, users);
    calls.add({ operation, key: keyId, identity: user });
    const fault = faults.take(operation);
    const refused = await injectFault(fault, refusals, json["content-type"]);
    if (refused) return refused;
    const key = keys.find(({ id }) => id === keyId);
    if (!key || (key.allowedTo && !key.allowedTo.includes(user))) throw notAuthorizedOrNotFound();
    const good = oracleOperations[operation](key, input);
    return { status: 200, headers: json, body: JSON.stringify(strikeAfter(fault, operation, good)) };
  } catch (error) {
    if (!(error instanceof OracleServiceError)) throw error;
    const { code, message, status } = error;
    return { status, headers: json, body: JSON.stringify({ code, message }) };
  }
}

interface OracleRequest {
  operation: OracleOperation;
  keyId: string;
  input: Record<string, unknown>;
}

function parse({ method, url, body }: HttpRequest): OracleRequest {
  if (method === "GET" && url.startsWith(`${version}/keys/`))
    return {
      operation: "getKey",
      keyId: decodeURIComponent(url.slice(`${version}/keys/`.length)),
      input: {},
    };
  if (method === "POST" && (url === `${version}/encrypt` || url === `${version}/decrypt`)) {
    const input = JSON.parse(body.toString("utf8")) as Record<string, unknown>;
    const operation = url.endsWith("/encrypt") ? "encrypt" : "decrypt";
    return { operation, keyId: String(input["keyId"]), input };
  }
  throw new OracleServiceError(404, "NotFound", "There is no such path.");
}

const refusals: ServiceRefusals = {
  deny: notAuthorizedOrNotFound,
  throttle: () => new OracleServiceError(429, "TooManyRequests", "Too many requests for the tenancy."),
  unavailable: () =>
    new OracleServiceError(503, "ServiceUnavailable", "The service is currently unavailable."),
  error: ({ error, status = 400 }) => new OracleServiceError(status, String(error), "Ordered by the test"),
};

/** The part of a fault that spoils a good answer. */
function strikeAfter(
  fault: Fault | undefined,
  operation: OracleOperation,
  good: Record<string, unknown>,
): Record<string, unknown> {
  if (fault?.kind === "change") return fault.change(good);
  const field = oracleResultField[operation];
  if (fault?.kind !== "corrupt" || field === undefined) return good;
  return { ...good, [field]: flipBase64Bit(String(good[field])) };
}
