/** Runs the cases of kind `error` of `ksm-responses.json`: refusals, throttling, key rotation (ksm-protocol section 9). */
import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { decodeBase64, decodeHex, type FetchRequest } from "@ksmkit/common";
import { provider } from "#crypto";
import { KeeperError, TransportError } from "../../../src/errors/errors.ts";
import type { AnsweringEndpoint } from "../../../src/protocol/wire.ts";
import { serverKeyFor } from "../../../src/protocol/server-keys.ts";
import { Transport } from "../../../src/transport/transport.ts";

interface ErrorCase {
  input: {
    operation: AnsweringEndpoint;
    configBefore: Record<string, string>;
    transmissionKeyHex: string;
    httpSequence: { status: number; body: string | null; enc?: string }[];
  };
  expect: { recommended: Expected };
}

interface Expected {
  ok?: { records: number };
  throws?: string;
  message?: string;
  status?: number;
  calls: number;
  sleeps?: number;
  keyIdsSent?: string[];
  serverPublicKeyIdAfter?: string;
}

/** The vectors' names for failures that are not named by the service. */
const codes: Record<string, string> = {
  access_denied: "ERR_KSM_TRANSPORT_ACCESS_DENIED",
  throttled: "ERR_KSM_THROTTLED",
  invalid_client_version: "ERR_KSM_TRANSPORT_CLIENT_VERSION",
  out_of_sync: "ERR_KSM_TRANSPORT_OUT_OF_SYNC",
  http_error: "ERR_KSM_TRANSPORT_REFUSED",
  invalid_response: "ERR_KSM_TRANSPORT_BAD_RESPONSE",
  unsupported_server_key: "ERR_KSM_TRANSPORT_SERVER_KEY",
  server_key_rotation_limit: "ERR_KSM_TRANSPORT_SERVER_KEY",
};
const namedByService = new Set(["access_denied", "throttled", "invalid_client_version", "out_of_sync"]);

/** Rejects when the case does not come out as recommended. */
export async function runErrorCase(vectorCase: unknown): Promise<void> {
  const { input, expect } = vectorCase as ErrorCase;
  const expected = expect.recommended;
  const requests: FetchRequest[] = [];
  const sleeps: number[] = [];
  const config = { ...input.configBefore };
  const serverKey = serverKeyFor(config["serverPublicKeyId"] ?? "");
  const transmissionKey = decodeHex(input.transmissionKeyHex);
  ok(serverKey && transmissionKey, "the case has a known server key and a transmission key");

  const transport = new Transport({
    // A copy each time: the transport zero-fills it.
    random: (length) => Uint8Array.from(transmissionKey.subarray(0, length)),
    sleep: async (ms) => void sleeps.push(ms),
    network: {
      close: () => {},
      fetch: async (_url, request) => {
        const step = input.httpSequence[Math.min(requests.length, input.httpSequence.length - 1)];
        requests.push(request);
        const body = step?.body ?? null;
        const bytes = step?.enc === "base64" && body !== null ? decodeBase64(body) : body;
        return new Response(bytes, { status: step?.status ?? 0 });
      },
    },
  });
  const outcome = await transport
    .call(input.operation, { clientVersion: "ms17.5.0", clientId: config["clientId"] }, {
      hostname: config["hostname"] ?? "",
      privateKey: await provider.importScalar((decodeBase64(config["privateKey"] ?? "") ?? new Uint8Array()).subarray(36, 68)),
      serverKey,
      saveServerKeyId: async (id) => void (config["serverPublicKeyId"] = id),
    })
    .then(({ json }) => json ?? {})
    .catch((error: unknown) => error);

  const keyIds = requests.map(({ headers }) => headers["PublicKeyId"]);
  strictEqual(requests.length, expected.calls, "calls");
  strictEqual(sleeps.length, expected.sleeps ?? 0, "sleeps");
  if (expected.keyIdsSent) deepStrictEqual(keyIds, expected.keyIdsSent);
  // Nothing is stored unless a call succeeded.
  strictEqual(config["serverPublicKeyId"], expected.serverPublicKeyIdAfter ?? (expected.ok ? keyIds.at(-1) : serverKey.id));
  strictEqual(new Set(requests.map(({ headers }) => headers["Authorization"])).size, requests.length, "new seals");
  if (expected.ok) {
    if (outcome instanceof Error) throw outcome;
    const records = (outcome as { records?: unknown[] }).records ?? [];
    strictEqual(records.length, expected.ok.records, "records");
    return;
  }
  if (!(outcome instanceof KeeperError)) throw new Error("no KeeperError", { cause: outcome });
  const name = expected.throws ?? "";
  strictEqual(outcome.code, codes[name], outcome.message);
  ok(outcome instanceof TransportError);
  if (namedByService.has(name) || name === "http_error") strictEqual(outcome.resultCode, name);
  if (expected.status !== undefined) strictEqual(outcome.status, expected.status);
  if (expected.message !== undefined) ok(outcome.message.includes(expected.message), outcome.message);
}
