/** The calls of the Google Cloud KMS client that are used, and how a client is made and called. */
import type { Sleep } from "@ksmkit/common";
import {
  retryTransient,
  kmsFailure,
  loadSdk,
  type KmsFailure,
  type WrapContext,
} from "@ksmkit/core/sealed/node";
import { failureOf, isTransient, type GcpOperation } from "./failures.ts";

/** Options of each call of the SDK's client. */
export interface GcpCallOptions {
  /** Limit of one attempt in milliseconds. */
  timeout: number;
  /** No retries by the SDK: its default goes on for ten minutes and hides the reason. */
  retry: null;
}

/** An int64 in the SDK's wrapping. */
interface Int64Value {
  value?: number | string | { toString(): string } | null;
}

/** Fields of the responses. Each may be missing. */
export interface GcpAnswer {
  name?: string | null;
  state?: string | number | null;
  algorithm?: string | number | null;
  pem?: string | null;
  pemCrc32c?: Int64Value | null;
  plaintext?: Uint8Array | string | null;
  plaintextCrc32c?: Int64Value | null;
  ciphertext?: Uint8Array | string | null;
  ciphertextCrc32c?: Int64Value | null;
  initializationVector?: Uint8Array | string | null;
  initializationVectorCrc32c?: Int64Value | null;
  verifiedPlaintextCrc32c?: boolean | null;
  verifiedCiphertextCrc32c?: boolean | null;
  verifiedAdditionalAuthenticatedDataCrc32c?: boolean | null;
  verifiedInitializationVectorCrc32c?: boolean | null;
}

/** Fields of the requests that are sent. */
export interface GcpRequest {
  name: string;
  plaintext?: Uint8Array;
  plaintextCrc32c?: { value: number };
  ciphertext?: Uint8Array;
  ciphertextCrc32c?: { value: number };
  additionalAuthenticatedData?: Uint8Array;
  additionalAuthenticatedDataCrc32c?: { value: number };
  initializationVector?: Uint8Array;
  initializationVectorCrc32c?: { value: number };
}

/** One call of the SDK's client. */
export type GcpCall = (
  request: GcpRequest,
  options: GcpCallOptions,
) => Promise<readonly [GcpAnswer, ...unknown[]]>;

/** The methods of `KeyManagementServiceClient` from `@google-cloud/kms` that are used; which of them depends on the key. */
export interface GcpKmsClient extends Record<GcpOperation, GcpCall> {
  /** Awaited before the first call, so that missing credentials are an error of that call. */
  initialize?(): Promise<unknown>;
}

/** Options about the client. */
export interface GcpClientOptions {
  /** A ready client, which the caller closes. Default: one is made with {@link clientOptions}. */
  client?: GcpKmsClient | undefined;
  /**
   * Options of the SDK's client: `keyFilename`, `credentials`, `authClient`, `apiEndpoint`, `port`, …. Default:
   * none, which uses the application default credentials.
   */
  clientOptions?: Readonly<Record<string, unknown>> | undefined;
  /** Limit of one attempt in milliseconds; three are made when the service cannot be reached. Default: 3000. */
  requestTimeoutMs?: number | undefined;
  /** Waits between attempts. Default: a timer. */
  sleep?: Sleep | undefined;
}

const sdkName = "@google-cloud/kms";

/** A client, and how to close it when it was made here. */
interface OpenClient {
  client: GcpKmsClient;
  close?: () => Promise<void>;
}

/** Calls the service through one client, made with the first call. Every failure is a `KmsError`. */
export class GcpCaller {
  readonly #key: Pick<KmsFailure, "provider" | "keyId">;
  readonly #options: GcpClientOptions;
  #ready: Promise<OpenClient> | undefined;

  constructor(key: Pick<KmsFailure, "provider" | "keyId">, options: GcpClientOptions) {
    this.#key = key;
    this.#options = options;
  }

  /** Makes one call, in up to three attempts. */
  async call(operation: GcpOperation, request: GcpRequest, { signal }: WrapContext): Promise<GcpAnswer> {
    const { sleep, requestTimeoutMs = 3000 } = this.#options;
    const options: GcpCallOptions = { timeout: requestTimeoutMs, retry: null };
    signal.throwIfAborted();
    const { client } = await this.#connected();
    const attempt = async (): Promise<GcpAnswer> => {
      const [answer] = await client[operation](request, options);
      return answer;
    };
    try {
      return await retryTransient(attempt, { signal, isTransient, sleep });
    } catch (error) {
      if (error === signal.reason) throw error;
      throw kmsFailure(failureOf(error, operation), { ...this.#key, operation, cause: error });
    }
  }

  /** Closes the client that this object made. The next call makes another one. */
  async close(): Promise<void> {
    const ready = this.#ready;
    this.#ready = undefined;
    // The caller that needed the client has received the error.
    const made = await ready?.catch(() => undefined);
    await made?.close?.();
  }

  #connected(): Promise<OpenClient> {
    const ready = (this.#ready ??= this.#connect());
    ready.catch(() => {
      if (this.#ready === ready) this.#ready = undefined;
    });
    return ready;
  }

  async #connect(): Promise<OpenClient> {
    const { client, clientOptions } = this.#options;
    if (client) return { client: await this.#initialized(client) };
    const sdk = await loadSdk(sdkName, () => import("@google-cloud/kms"), this.#key);
    const made = new sdk.KeyManagementServiceClient(
      clientOptions as ConstructorParameters<typeof sdk.KeyManagementServiceClient>[0],
    );
    return { client: await this.#initialized(made), close: () => made.close() };
  }

  /**
   * Gets credentials and opens the channel. When the SDK does this by itself, with the first call, a failure ends the
   * process: the SDK rejects twice, and one of the rejections cannot be caught.
   */
  async #initialized(client: GcpKmsClient): Promise<GcpKmsClient> {
    try {
      await client.initialize?.();
      return client;
    } catch (cause) {
      throw kmsFailure("ERR_KSM_KMS_CREDENTIALS", { ...this.#key, operation: "getting credentials", cause });
    }
  }
}
