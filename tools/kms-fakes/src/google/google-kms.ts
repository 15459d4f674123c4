/** The service: its definition from the client package, faults and the log of calls. */
import { createRequire } from "node:module";
import {
  credentials,
  Server,
  ServerCredentials,
  type ChannelCredentials,
  type handleUnaryCall,
  type ServiceDefinition,
  type UntypedServiceImplementation,
} from "@grpc/grpc-js";
import { fromJSON } from "@grpc/proto-loader";
import { CallLog } from "../call-log.ts";
import { FaultSchedule, type RpcFault } from "../faults.ts";
import { flipBit } from "../flip-bit.ts";
import { createGoogleKey, type GoogleKey, type GoogleKeyOptions } from "./keys.ts";
import { googleOperations, googleResultField, type Message } from "./operations.ts";
import { GoogleServiceError, grpcStatus } from "./service-error.ts";

/** A running fake. */
export interface GoogleKms extends AsyncDisposable {
  readonly port: number;
  /** Options that make `new KeyManagementServiceClient(options)` call this fake only. */
  readonly clientOptions: {
    apiEndpoint: string;
    port: number;
    sslCreds: ChannelCredentials;
    /** Never used over this channel; without it the client goes looking for default credentials. */
    credentials: { client_email: string; private_key: string };
  };
  readonly faults: FaultSchedule<RpcFault>;
  readonly calls: CallLog;
  /** Adds a key; without options a symmetric one. */
  createKey(options?: GoogleKeyOptions): Promise<GoogleKey>;
  close(): Promise<void>;
}

/**
 * Starts the service in this process.
 *
 * @example
 * ```ts
 * await using kms = await startGoogleKms();
 * const key = await kms.createKey({ algorithm: "RSA_DECRYPT_OAEP_2048_SHA256" });
 * const client = new KeyManagementServiceClient(kms.clientOptions);
 * ```
 */
export async function startGoogleKms(): Promise<GoogleKms> {
  const keys: GoogleKey[] = [];
  const faults = new FaultSchedule<RpcFault>();
  const calls = new CallLog();
  const server = new Server();
  const state = { keys, faults, calls };
  const handlers = Object.keys(googleOperations).map((operation) => [operation, handlerOf(operation, state)]);
  server.addService(serviceDefinition(), Object.fromEntries(handlers) as UntypedServiceImplementation);
  const port = await new Promise<number>((listening, failed) => {
    server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, bound) =>
      error ? failed(error) : listening(bound),
    );
  });
  const close = async (): Promise<void> => server.forceShutdown();
  return {
    port,
    clientOptions: {
      apiEndpoint: "127.0.0.1",
      port,
      sslCreds: credentials.createInsecure(),
      credentials: { client_email: "fake@project.example", private_key: "not used" },
    },
    faults,
    calls,
    async createKey(options = {}) {
      const key = await createGoogleKey(options);
      keys.push(key);
      return key;
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}

/** From the descriptors that the client package carries, so that both sides speak the same version. */
function serviceDefinition(): ServiceDefinition {
  const descriptors: unknown = createRequire(import.meta.url)("@google-cloud/kms/build/protos/protos.json");
  const definitions = fromJSON(descriptors as Parameters<typeof fromJSON>[0], {
    longs: String,
    enums: String,
    defaults: true,
    oneofs: true,
  });
  return definitions["google.cloud.kms.v1.KeyManagementService"] as ServiceDefinition;
}

interface ServiceState {
  keys: readonly GoogleKey[];
  faults: FaultSchedule<RpcFault>;
  calls: CallLog;
}

function handlerOf(operation: string, state: ServiceState): handleUnaryCall<Message, Message> {
  return ({ request }, callback) => {
    void answer(operation, request, state).then(
      (message) => message !== "hang" && callback(null, message),
      (error: unknown) => {
        const status = error instanceof GoogleServiceError ? error.status : grpcStatus.internal;
        const details = error instanceof Error ? error.message : String(error);
        callback(Object.assign(new Error(details), { code: status, details }));
      },
    );
  };
}

async function answer(
  operation: string,
  input: Message,
  { keys, faults, calls }: ServiceState,
): Promise<Message | "hang"> {
  calls.add({ operation, key: String(input["name"]) });
  const fault = faults.take(operation);
  switch (fault?.kind) {
    case "deny":
      throw new GoogleServiceError(grpcStatus.permissionDenied, `Permission denied for ${operation}`);
    case "throttle":
      throw new GoogleServiceError(grpcStatus.resourceExhausted, "Quota exceeded");
    case "unavailable":
      throw new GoogleServiceError(grpcStatus.unavailable, "The service is currently unavailable.");
    case "error":
      throw new GoogleServiceError(Number(fault.error), "Ordered by the test");
    case "hang":
      return "hang";
    case "delay":
      await fault.until;
      break;
    default:
  }
  const good = googleOperations[operation]?.(keys, input) ?? {};
  if (fault?.kind === "change") return fault.change(good);
  const field = googleResultField[operation];
  if (fault?.kind !== "corrupt" || field === undefined) return good;
  return { ...good, [field]: flipBit(good[field] as Buffer) };
}
