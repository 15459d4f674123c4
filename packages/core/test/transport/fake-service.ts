/** A service made of canned answers, sealed without any code of the package. */
import { createCipheriv, randomBytes } from "node:crypto";
import type { FetchLike, FetchRequest } from "@ksmkit/common";
import { provider } from "#crypto";
import { serverKeyFor, type ServerKey } from "../../src/protocol/server-keys.ts";
import { Transport, type TransportOptions, type RequestIdentity } from "../../src/transport/transport.ts";

/** The transmission key that {@link harness} makes every attempt use. */
export const fixedKey = new Uint8Array(32).fill(5);

/** One canned answer. An error is thrown instead of answering. */
export type Step =
  | Error
  | { status?: number; body?: string | Uint8Array | null; headers?: Record<string, string> };

/** GCM blob of text under a key. */
export function sealText(text: string, key: Uint8Array = fixedKey): Uint8Array<ArrayBuffer> {
  const iv = randomBytes(12);
  const cipher = createCipheriv("aes-256-gcm", key, iv);
  return new Uint8Array(Buffer.concat([iv, cipher.update(text), cipher.final(), cipher.getAuthTag()]));
}

/** A success with a JSON answer. */
export const success = (answer: unknown = { ok: true }): Step => ({ body: sealText(JSON.stringify(answer)) });

/** A refusal with a JSON body. */
export const refuse = (status: number, body: unknown, headers?: Record<string, string>): Step => ({
  status,
  body: JSON.stringify(body),
  ...(headers && { headers }),
});

export interface Harness {
  transport: Transport;
  session: RequestIdentity;
  requests: FetchRequest[];
  urls: string[];
  sleeps: number[];
  saved: string[];
  /** Every key that was handed out; all zero once a call is over. */
  keys: Uint8Array[];
}

/** A transport over canned answers, the last of which repeats; it never waits. */
export async function harness(
  steps: readonly Step[],
  options: TransportOptions = {},
  serverKey: ServerKey | undefined = serverKeyFor("10"),
): Promise<Harness> {
  if (serverKey === undefined) throw new TypeError("no such built-in key");
  const log = {
    requests: [] as FetchRequest[],
    urls: [] as string[],
    sleeps: [] as number[],
    saved: [] as string[],
  };
  const keys: Uint8Array[] = [];
  const fetch: FetchLike = async (url, request) => {
    const step = steps[Math.min(log.requests.length, steps.length - 1)] ?? {};
    log.requests.push(request);
    log.urls.push(url);
    if (step instanceof Error) throw step;
    const body = typeof step.body === "string" ? new TextEncoder().encode(step.body) : (step.body ?? null);
    const stream = body === null ? null : new Response(new Uint8Array(body)).body;
    return { status: step.status ?? 200, headers: new Headers(step.headers), body: stream };
  };
  const transport = new Transport({
    network: { fetch, close: () => {} },
    sleep: async (ms) => void log.sleeps.push(ms),
    random: (length) => {
      const bytes = length === 32 ? fixedKey.slice() : new Uint8Array(length).fill(128);
      if (length === 32) keys.push(bytes);
      return bytes;
    },
    ...options,
  });
  const session: RequestIdentity = {
    hostname: "vault.example:8443",
    privateKey: await provider.generateKeyPair(),
    serverKey,
    saveServerKeyId: async (id) => void log.saved.push(id),
  };
  return { transport, session, keys, ...log };
}
