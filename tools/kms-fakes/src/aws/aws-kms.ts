/** The service: protocol, credentials, faults and the log of calls. */
import { CallLog } from "../call-log.ts";
import { FaultSchedule, type Fault } from "../faults.ts";
import { flipBase64Bit } from "../flip-bit.ts";
import { startHttpService, type HttpAnswer, type HttpRequest } from "../http-service.ts";
import { injectFault, type ServiceRefusals } from "../inject-fault.ts";
import { createAwsKey, type AwsKey, type AwsKeyOptions } from "./keys.ts";
import { awsOperations, awsResultField } from "./operations.ts";
import { AwsServiceError } from "./service-error.ts";

/** A running fake. */
export interface AwsKms extends AsyncDisposable {
  /** Value of the client's `endpoint` option. */
  readonly endpoint: string;
  /** Options that make `new KMSClient(options)` talk to this fake, one attempt per call. */
  readonly clientOptions: {
    endpoint: string;
    region: string;
    credentials: { accessKeyId: string; secretAccessKey: string };
    maxAttempts: number;
  };
  readonly faults: FaultSchedule;
  readonly calls: CallLog;
  /** Adds a key; without options a symmetric one. */
  createKey(options?: AwsKeyOptions): Promise<AwsKey>;
  close(): Promise<void>;
}

const contentType = "application/x-amz-json-1.1";

/**
 * Starts the service in this process.
 *
 * @example
 * ```ts
 * await using kms = await startAwsKms();
 * const key = await kms.createKey();
 * const client = new KMSClient(kms.clientOptions);
 * kms.faults.add({ operation: "Encrypt", fault: { kind: "deny" } });
 * ```
 */
export async function startAwsKms(): Promise<AwsKms> {
  const keys: AwsKey[] = [];
  const faults = new FaultSchedule();
  const calls = new CallLog();
  const http = await startHttpService((request) => answer(request, { keys, faults, calls }));
  return {
    endpoint: http.url,
    clientOptions: {
      endpoint: http.url,
      region: "us-east-1",
      credentials: { accessKeyId: "AKIDSTANDIN", secretAccessKey: "not-checked" },
      maxAttempts: 1,
    },
    faults,
    calls,
    async createKey(options = {}) {
      const key = await createAwsKey(options);
      keys.push(key);
      return key;
    },
    close: () => http.close(),
    [Symbol.asyncDispose]: () => http.close(),
  };
}

interface ServiceState {
  keys: readonly AwsKey[];
  faults: FaultSchedule;
  calls: CallLog;
}

async function answer(request: HttpRequest, { keys, faults, calls }: ServiceState): Promise<HttpAnswer> {
  const operation = String(request.headers["x-amz-target"]).replace(/^TrentService\./, "");
  try {
    const run = awsOperations[operation];
    if (!run || request.method !== "POST" || request.headers["content-type"] !== contentType)
      throw new AwsServiceError("UnknownOperationException", `Unknown operation ${operation}`);
    const identity = /Credential=([^/]+)\/\d{8}\/[^/]+\/kms\/aws4_request/.exec(
      request.headers.authorization ?? "",
    )?.[1];
    if (identity === undefined)
      throw new AwsServiceError("MissingAuthenticationTokenException", "Missing Authentication Token");
    const input = JSON.parse(request.body.toString("utf8")) as Record<string, unknown>;
    calls.add({ operation, key: String(input["KeyId"]), identity });

    const fault = faults.take(operation);
    const refused = await injectFault(fault, refusals, contentType);
    if (refused) return refused;
    return success(strikeAfter(fault, operation, run({ keys, input, identity })));
  } catch (error) {
    if (!(error instanceof AwsServiceError)) throw error;
    return failure(error);
  }
}

const refusals: ServiceRefusals = {
  deny: () =>
    new AwsServiceError("AccessDeniedException", "User is not authorized to perform this operation"),
  throttle: () => new AwsServiceError("ThrottlingException", "Rate exceeded"),
  unavailable: () => new AwsServiceError("KMSInternalException", "Internal failure", 500),
  error: ({ error, status }) => new AwsServiceError(String(error), "Ordered by the test", status),
};

/** The part of a fault that spoils a good answer. */
function strikeAfter(
  fault: Fault | undefined,
  operation: string,
  good: Record<string, unknown>,
): Record<string, unknown> {
  if (fault?.kind === "change") return fault.change(good);
  const field = awsResultField[operation];
  if (fault?.kind !== "corrupt" || field === undefined) return good;
  return { ...good, [field]: flipBase64Bit(String(good[field])) };
}

function success(body: Record<string, unknown>): HttpAnswer {
  return { status: 200, headers: { "content-type": contentType }, body: JSON.stringify(body) };
}

function failure({ type, message, status }: AwsServiceError): HttpAnswer {
  return {
    status,
    headers: { "content-type": contentType },
    body: JSON.stringify({ __type: type, message }),
  };
}
