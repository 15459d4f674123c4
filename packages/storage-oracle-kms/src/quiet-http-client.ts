/**
 * The SDK prints every request that fails (`console.warn`), retried or not. This stands between it and the network:
 * the SDK signs, sends and reads answers, but learns of successes only.
 */

/** A refusal by the service. */
export class OracleRefusal extends Error {
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

/** Wraps the SDK's HTTP client. `throwIfFailed` gives what the SDK was not told. */
export function quietHttpClient<Request extends readonly unknown[]>(
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
    // The status alone has to do.
    return {};
  }
}
