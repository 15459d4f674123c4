/** HTTP for the platform: Node's own requests, so that any `https.Agent` fits, each with its limits. */
import {
  request as requestHttp,
  type Agent,
  type IncomingHttpHeaders,
  type IncomingMessage,
} from "node:http";
import { request as requestHttps } from "node:https";
import { Deadline, exchange, HttpError, type FetchRequest, type FetchResponse } from "@ksmkit/common";
import { failure } from "../errors.ts";

/** One request. */
export interface NodeRequest {
  readonly method: "GET" | "POST";
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Uint8Array<ArrayBuffer> | undefined;
  readonly agent: Agent | undefined;
  readonly allowUnverifiedCertificate: boolean | undefined;
  /** Limit for connecting, sending and the whole answer. */
  readonly timeoutMs: number;
  /** Largest answer. */
  readonly maxBytes: number;
}

/** One answer. */
export interface NodeAnswer {
  readonly statusCode: number;
  readonly statusMessage: string;
  readonly headers: IncomingHttpHeaders;
  readonly data: Uint8Array<ArrayBuffer>;
}

/**
 * Sends a request and reads the whole answer. Redirects are not followed.
 *
 * @throws the platform's own error (`ECONNREFUSED`, …), or an `Error` that says which limit was reached
 */
export async function sendRequest(url: string, request: NodeRequest): Promise<NodeAnswer> {
  const deadline = new Deadline({ timeoutMs: request.timeoutMs });
  let message: IncomingMessage | undefined;
  const fetch = async (target: string, { signal }: FetchRequest): Promise<FetchResponse> => {
    message = await open(target, request, signal);
    const answer = message;
    return {
      status: answer.statusCode ?? 0,
      headers: { get: (name) => oneValue(answer.headers[name]) },
      body: answer,
    };
  };
  const { method, headers, body, maxBytes } = request;
  try {
    const { status, bytes } = await exchange(
      fetch,
      url,
      { method, headers: { ...headers }, ...(body && { body }) },
      { deadline, maxBytes },
    );
    return {
      statusCode: status,
      statusMessage: message?.statusMessage ?? "",
      headers: message?.headers ?? {},
      data: bytes,
    };
  } catch (error) {
    if (!HttpError.isInstance(error)) throw error;
    // Callers look at the `code` of what Node throws.
    throw error.cause instanceof Error && deadline.end === undefined
      ? error.cause
      : failure(error.message, error);
  } finally {
    deadline.stop();
  }
}

function open(
  url: string,
  { headers, ...request }: NodeRequest,
  signal: AbortSignal | undefined,
): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const { method, agent, allowUnverifiedCertificate, body } = request;
    const encrypted = !url.startsWith("http:");
    const options = {
      method,
      headers: { ...headers },
      ...(signal && { signal }),
      ...(agent && { agent }),
      ...(allowUnverifiedCertificate && { rejectUnauthorized: false }),
    };
    const outgoing = encrypted ? requestHttps(url, options, resolve) : requestHttp(url, options, resolve);
    outgoing.on("error", reject);
    outgoing.end(body);
  });
}

function oneValue(value: string | string[] | undefined): string | null {
  return (Array.isArray(value) ? value.join(", ") : value) ?? null;
}
