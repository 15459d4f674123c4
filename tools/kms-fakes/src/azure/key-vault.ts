/** The service: challenge, token endpoint, faults and the log of calls. */
import { CallLog } from "../call-log.ts";
import { FaultSchedule, type Fault } from "../faults.ts";
import { flipBit } from "../flip-bit.ts";
import { startHttpService, type HttpAnswer, type HttpRequest } from "../http-service.ts";
import { loopbackCertificate, loopbackKey } from "../loopback-certificate.ts";
import { injectFault, type ServiceRefusals } from "../inject-fault.ts";
import {
  createKeyVaultKey,
  findKeyVaultVersion,
  type KeyVaultKeyOptions,
  type KeyVaultTestKey,
} from "./keys.ts";
import { keyVaultOperations, type KeyVaultOperation } from "./operations.ts";
import { KeyVaultServiceError } from "./service-error.ts";

/** A running fake. */
export interface KeyVault extends AsyncDisposable {
  /** `https://127.0.0.1:PORT`. */
  readonly url: string;
  /** What any client here needs: trust in the certificate, a resource that is no Azure domain, one attempt per call. */
  readonly clientOptions: {
    tlsOptions: { ca: string };
    disableChallengeResourceVerification: true;
    retryOptions: { maxRetries: number };
  };
  /** Options of `@azure/identity` credentials that get their tokens here. */
  readonly credentialOptions: {
    authorityHost: string;
    disableInstanceDiscovery: true;
    tlsOptions: { ca: string };
    retryOptions: { maxRetries: number };
  };
  /** Tenant that every token is for. */
  readonly tenantId: string;
  readonly faults: FaultSchedule;
  readonly calls: CallLog;
  /** A credential without a round trip for its token. */
  credential(clientId?: string): { getToken: () => Promise<{ token: string; expiresOnTimestamp: number }> };
  /** Adds a key; without options an RSA key of 2048 bits. */
  createKey(options?: KeyVaultKeyOptions): Promise<KeyVaultTestKey>;
  close(): Promise<void>;
}

const tenantId = "11111111-2222-4333-8444-555555555555";
const tokenPrefix = "token-of-";
const json = { "content-type": "application/json" };

/**
 * Starts the service in this process. Every client secret but `wrong` gets a token for its client id.
 *
 * @example
 * ```ts
 * await using vault = await startKeyVault();
 * const key = await vault.createKey();
 * const client = new CryptographyClient(key.id, vault.credential(), vault.clientOptions);
 * ```
 */
export async function startKeyVault(): Promise<KeyVault> {
  const keys: KeyVaultTestKey[] = [];
  const faults = new FaultSchedule();
  const calls = new CallLog();
  const http = await startHttpService((request) => answer(request, { keys, faults, calls, url: http.url }), {
    key: loopbackKey,
    cert: loopbackCertificate,
  });
  const tlsOptions = { ca: loopbackCertificate };
  const retryOptions = { maxRetries: 0 };
  return {
    url: http.url,
    clientOptions: { tlsOptions, disableChallengeResourceVerification: true, retryOptions },
    credentialOptions: { authorityHost: http.url, disableInstanceDiscovery: true, tlsOptions, retryOptions },
    tenantId,
    faults,
    calls,
    credential: (clientId = "fake-client") => ({
      getToken: async () => ({ token: tokenPrefix + clientId, expiresOnTimestamp: Number.MAX_SAFE_INTEGER }),
    }),
    async createKey(options = {}) {
      const key = await createKeyVaultKey(http.url, options);
      keys.push(key);
      return key;
    },
    close: () => http.close(),
    [Symbol.asyncDispose]: () => http.close(),
  };
}

interface ServiceState {
  keys: readonly KeyVaultTestKey[];
  faults: FaultSchedule;
  calls: CallLog;
  url: string;
}

async function answer(request: HttpRequest, state: ServiceState): Promise<HttpAnswer> {
  const { pathname } = new URL(request.url, state.url);
  const keyPath = /^\/keys\/([^/]+)\/?([^/]*?)(?:\/(wrapkey|unwrapkey))?$/.exec(pathname);
  if (!keyPath) return identityAnswer(request, pathname, state.url);
  const identity = /^Bearer token-of-(.+)$/.exec(request.headers.authorization ?? "")?.[1];
  if (identity === undefined) return challenge(state.url);
  const [, name = "", version = "", verb] = keyPath;
  const operation = operationOf(verb);
  state.calls.add({ operation, key: version === "" ? name : `${name}/${version}`, identity });
  try {
    const fault = state.faults.take(operation);
    const refused = await injectFault(fault, refusals, json["content-type"]);
    if (refused) return refused;
    const found = findKeyVaultVersion(state.keys, { name, version, identity });
    const good = keyVaultOperations[operation](found, request.body.length === 0 ? {} : bodyOf(request));
    return { status: 200, headers: json, body: JSON.stringify(strikeAfter(fault, good)) };
  } catch (error) {
    if (!(error instanceof KeyVaultServiceError)) throw error;
    return failure(error);
  }
}

function operationOf(verb: string | undefined): KeyVaultOperation {
  if (verb === undefined) return "getKey";
  return verb === "wrapkey" ? "wrapKey" : "unwrapKey";
}

function bodyOf(request: HttpRequest): Record<string, unknown> {
  return JSON.parse(request.body.toString("utf8")) as Record<string, unknown>;
}

function challenge(url: string): HttpAnswer {
  const authenticate = `Bearer authorization="${url}/${tenantId}", resource="${url}"`;
  const error = { code: "Unauthorized", message: "AKV10000: Request is missing a Bearer or PoP token." };
  return {
    status: 401,
    headers: { ...json, "www-authenticate": authenticate },
    body: JSON.stringify({ error }),
  };
}

/** The authority: its description, and tokens for client secrets. */
function identityAnswer(request: HttpRequest, pathname: string, url: string): HttpAnswer {
  const authority = `${url}/${tenantId}`;
  if (pathname.endsWith("/.well-known/openid-configuration")) {
    const description = {
      issuer: `${authority}/v2.0`,
      authorization_endpoint: `${authority}/oauth2/v2.0/authorize`,
      token_endpoint: `${authority}/oauth2/v2.0/token`,
      jwks_uri: `${authority}/discovery/v2.0/keys`,
    };
    return { status: 200, headers: json, body: JSON.stringify(description) };
  }
  if (pathname !== `/${tenantId}/oauth2/v2.0/token`) return { status: 404, headers: json, body: "{}" };
  const form = new URLSearchParams(request.body.toString("utf8"));
  if (form.get("client_secret") === "wrong") {
    const refusal = {
      error: "invalid_client",
      error_description: "AADSTS7000215: Invalid client secret provided.",
    };
    return { status: 401, headers: json, body: JSON.stringify(refusal) };
  }
  const token = { token_type: "Bearer", expires_in: 3600, access_token: tokenPrefix + form.get("client_id") };
  return { status: 200, headers: json, body: JSON.stringify(token) };
}

const refusals: ServiceRefusals = {
  deny: () => new KeyVaultServiceError(403, "Forbidden", "Caller is not authorized.", "ForbiddenByRbac"),
  throttle: () =>
    new KeyVaultServiceError(429, "Throttled", "Request was not processed because too many came."),
  unavailable: () => new KeyVaultServiceError(503, "ServiceUnavailable", "The service is unavailable."),
  error: ({ error, status = 400 }) => new KeyVaultServiceError(status, String(error), "Ordered by the test"),
};

/** The part of a fault that spoils a good answer. */
function strikeAfter(fault: Fault | undefined, good: Record<string, unknown>): Record<string, unknown> {
  if (fault?.kind === "change") return fault.change(good);
  if (fault?.kind !== "corrupt" || typeof good["value"] !== "string") return good;
  return { ...good, value: flipBit(Buffer.from(good["value"], "base64url")).toString("base64url") };
}

function failure({ status, code, message, inner }: KeyVaultServiceError): HttpAnswer {
  const error = { code, message, ...(inner !== undefined && { innererror: { code: inner } }) };
  return { status, headers: json, body: JSON.stringify({ error }) };
}
