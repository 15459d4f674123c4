/** The calls of the Oracle Cloud SDK that are used, and how a client is made. */
import { Deadline, type Sleep } from "@ksmkit/common";
import { kmsFailure, loadSdk } from "@ksmkit/core/sealed/node";

/** Fields of both requests. */
export interface OracleKeyDetails {
  keyId: string;
  keyVersionId?: string;
  /** `RSA_OAEP_SHA_256` for an RSA key; the service's default is AES. */
  encryptionAlgorithm?: string;
  associatedData?: Record<string, string>;
}

/** The methods of `KmsCryptoClient` from `oci-keymanagement` that are used. */
export interface OracleKmsClient {
  encrypt(request: {
    encryptDataDetails: OracleKeyDetails & { plaintext: string };
  }): Promise<{ encryptedData: { ciphertext: string } }>;
  decrypt(request: {
    decryptDataDetails: OracleKeyDetails & { ciphertext: string };
  }): Promise<{ decryptedData: { plaintext: string; plaintextChecksum: string } }>;
}

/** How the service is reached. */
export interface OracleKmsConnection {
  /**
   * A ready `KmsCryptoClient`, in place of one made from the other options. The SDK prints each failed call of such a
   * client to the console, and its own time limits hold.
   */
  client?: OracleKmsClient | undefined;
  /** The vault's crypto endpoint, `https://….oraclecloud.com`. Needed unless `client` is given. */
  cryptoEndpoint?: string | undefined;
  /**
   * An authentication provider of `oci-common`, for example for instance principals. Default: one that reads
   * {@link configFile}.
   */
  auth?: object | undefined;
  /** The SDK's configuration file. Default: `~/.oci/config`. */
  configFile?: string | undefined;
  /** A profile in it. Default: `DEFAULT`. */
  profile?: string | undefined;
  /** Limit of one attempt in milliseconds; three are made when the service cannot be reached. Default: 3000. */
  requestTimeoutMs?: number | undefined;
  /** Waits between attempts. Default: a timer. */
  sleep?: Sleep | undefined;
}

/** Makes one call with a client that lives as long as the call. */
export type CallOracle = <T>(
  work: (client: OracleKmsClient) => Promise<T>,
  signal: AbortSignal,
) => Promise<T>;

/**
 * Loads the SDK and reads the credentials.
 *
 * @throws {@link KmsError} `ERR_KSM_KMS_SDK_MISSING`, `ERR_KSM_KMS_CREDENTIALS`
 */
export async function openOracle(
  options: OracleKmsConnection,
  key: { provider: string; keyId: string },
): Promise<CallOracle> {
  const { client, cryptoEndpoint = "", auth, configFile, profile, requestTimeoutMs = 3000 } = options;
  if (client) return (work) => work(client);
  const common = await loadSdk("oci-common", () => import("oci-common"), key);
  const sdk = await loadSdk("oci-keymanagement", () => import("oci-keymanagement"), key);
  const signer = signerFrom(
    () =>
      new common.DefaultRequestSigner(
        (auth as ConstructorParameters<typeof common.DefaultRequestSigner>[0] | undefined) ??
          new common.ConfigFileAuthenticationDetailsProvider(configFile, profile),
      ),
    key,
  );
  // Both would wait for hours, and the circuit breaker keeps the process alive.
  const clientConfiguration = {
    circuitBreaker: new common.CircuitBreaker({ disableClientCircuitBreaker: true }),
    retryConfiguration: common.NoRetryConfigurationDetails,
  };
  return async (work, signal) => {
    // The SDK takes a signal for a client, not for a call.
    const deadline = new Deadline({ timeoutMs: requestTimeoutMs, signal });
    const http = quietHttpClient(new common.FetchHttpClient(signer, null, { signal: deadline.signal }));
    const crypto = new sdk.KmsCryptoClient({ httpClient: http.client }, clientConfiguration);
    crypto.endpoint = cryptoEndpoint;
    try {
      const result = await work(crypto);
      http.throwIfFailed();
      return result;
    } catch (error) {
      http.throwIfFailed();
      throw error;
    } finally {
      deadline.stop();
    }
  };
}

/** Reads the configuration file and the private key, or fails with a code. */
function signerFrom<Signer>(make: () => Signer, key: { provider: string; keyId: string }): Signer {
  try {
    return make();
  } catch (cause) {
    throw kmsFailure("ERR_KSM_KMS_CREDENTIALS", { ...key, operation: "reading the configuration", cause });
  }
}

/** A refusal by the service. */
class OracleRefusal extends Error {
  override readonly name = "OracleRefusal";
  readonly statusCode: number;
  /** The service's own word for it, for example `NotAuthorizedOrNotFound`. */
  readonly serviceCode: string;

  constructor(statusCode: number, serviceCode: string, message: string) {
    super(message);
    this.statusCode = statusCode;
    this.serviceCode = serviceCode;
  }
}

/** The SDK's HTTP client. */
interface HttpClient<Request extends readonly unknown[]> {
  send(...request: Request): Promise<Response>;
}

/** Longest refusal that is read, in characters. */
const maxMessage = 2000;

/**
 * Wraps the HTTP client of the SDK, which prints every request that fails (`console.warn`), retried or not. The SDK
 * sees successes only; `throwIfFailed` throws the failure.
 */
function quietHttpClient<Request extends readonly unknown[]>(
  inner: HttpClient<Request>,
): { client: HttpClient<Request>; throwIfFailed: () => void } {
  let failure: { error: unknown } | undefined;
  const client: HttpClient<Request> = {
    async send(...request) {
      try {
        const response = await inner.send(...request);
        if (response.ok) return response;
        failure = { error: refusalOf(response.status, await response.text()) };
      } catch (error) {
        failure = { error };
      }
      return new Response("{}", { status: 200, headers: { "content-type": "application/json" } });
    },
  };
  return {
    client,
    throwIfFailed: () => {
      if (failure) throw failure.error;
    },
  };
}

function refusalOf(status: number, body: string): OracleRefusal {
  const { code, message } = parsed(body);
  const text = typeof message === "string" ? message : `The service answered with status ${status}.`;
  return new OracleRefusal(status, typeof code === "string" ? code : "Unknown", text.slice(0, maxMessage));
}

function parsed(body: string): { code?: unknown; message?: unknown } {
  try {
    return (JSON.parse(body) ?? {}) as object;
  } catch {
    // The status is reported without the service's code.
    return {};
  }
}
