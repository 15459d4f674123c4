/** The checks before an endpoint runs, in the order of ksm-protocol 13.3. */
import {
  type Clock,
  concatBytes,
  decodeBase64,
  type JsonObject,
  parseJsonObject,
  utf8Text,
} from "@ksmkit/common";
import { object, validate } from "../schema/validate.ts";
import { optionalBytes, optionalText } from "../schema/values.ts";
import { keyLength, openGcm } from "../wire/aes.ts";
import { openEcies, wrappedKeyLength, importPoint, verifySignature } from "../wire/p256.ts";
import type { RequestTrace, VaultRequest } from "../vault/exchange.ts";
import { loggedPayload } from "./logged-payload.ts";
import type { RateWindow, SeenNonces } from "./request-limits.ts";
import { accessDenied, badRequest, Refusal, wrongKey } from "../vault/refusal.ts";
import type { ClientState, ServerState } from "../vault/state.ts";

/** What the checks look at beside the request. */
export interface Gate {
  readonly state: ServerState;
  readonly clock: Clock;
  readonly nonces: SeenNonces;
  /** Absent when the rate limit is off. */
  readonly rate: { readonly window: RateWindow; readonly refuse: () => Refusal } | undefined;
}

/** A request that opened under the server's key: from here on every response can be sealed. */
export interface OpenedRequest {
  readonly payload: JsonObject;
  /** Empty when absent; the client table has no such id. */
  readonly clientId: string;
  /** Opens the request and seals the response. */
  readonly transmissionKey: Uint8Array;
  /** Raw bytes of the `TransmissionKey` header. */
  readonly wrappedKey: Uint8Array;
}

const identity = object({ clientVersion: optionalText, clientId: optionalText });
const enrolment = object({ publicKey: optionalBytes });
const versionPattern = /^[a-z]{2}\d+\.\d+\.\d+$/;

/** Checks 1 to 6: form, server key, transmission key, replay, payload, client version. */
export function openRequest(gate: Gate, request: VaultRequest, trace: RequestTrace): OpenedRequest {
  const keyId = request.header("publickeyid");
  const wrapped = request.header("transmissionkey");
  if (request.method !== "POST") throw badRequest("POST is required");
  if (keyId === undefined || wrapped === undefined || request.header("authorization") === undefined) {
    throw badRequest("A required header is missing");
  }
  const active = gate.state.serverKeys.get(gate.state.activeKeyId);
  if (active === undefined || keyId !== String(active.id)) throw wrongKey(gate.state.activeKeyId);

  const wrappedKey = decodeBase64(wrapped);
  const transmissionKey =
    wrappedKey?.length === wrappedKeyLength ? openEcies(active.privateKey, wrappedKey) : null;
  if (wrappedKey === null || transmissionKey?.length !== keyLength) {
    throw badRequest("The transmission key cannot be opened");
  }
  if (!gate.nonces.add(request.body)) throw accessDenied("The request was already received");

  const plain = openGcm(transmissionKey, request.body);
  const payload = plain === null ? null : parseJsonObject(utf8Text(plain));
  if (payload === null) throw badRequest("The payload cannot be opened or is not a JSON object");
  trace.payload = loggedPayload(payload);
  const { clientVersion = "", clientId = "" } = validate(identity, payload, { toError: badRequest });
  if (!versionPattern.test(clientVersion)) {
    throw new Refusal(403, "invalid_client_version", "Invalid client version", {
      additionalInfo: "invalid client version id",
    });
  }
  trace.clientVersion = clientVersion;
  return { payload, clientId, transmissionKey, wrappedKey };
}

/**
 * Checks 7 to 12: rate, client, expiry, address, key, signature.
 *
 * @param expired - treats the client as expired, for fault injection
 * @returns the client, and the public key that it enrols when it is new
 */
export function identifyClient(
  gate: Gate,
  request: VaultRequest,
  opened: OpenedRequest,
  trace: RequestTrace,
  expired: boolean,
): { client: ClientState; enrolKey: Uint8Array | null } {
  const { payload, clientId } = opened;
  trace.clientId = clientId;
  if (gate.rate !== undefined && !gate.rate.window.admit(clientId, trace.endpoint)) throw gate.rate.refuse();
  const client = gate.state.clients.get(clientId);
  if (client === undefined) throw accessDenied("Unknown client");
  refuseExpired(client, gate.clock(), expired);
  if (client.lockIp && client.pinnedIp !== null && client.pinnedIp !== request.remoteAddress) {
    throw accessDenied("The client is locked to another address");
  }
  const isNew = client.publicKey === null;
  const offered =
    isNew && trace.endpoint === "get_secret"
      ? validate(enrolment, payload, { toError: badRequest }).publicKey
      : undefined;
  const point = client.publicKey === null ? offered : decodeBase64(client.publicKey);
  if (point === undefined || point === null) throw accessDenied("The client is not bound");
  const key = importPoint(point);
  if (key === null) throw badRequest("publicKey must be an uncompressed P-256 point");
  const signature = decodeBase64(/^Signature (\S+)$/.exec(request.header("authorization") ?? "")?.[1] ?? "");
  if (signature === null || !verifySignature(key, concatBytes(opened.wrappedKey, request.body), signature)) {
    throw accessDenied("Signature is invalid");
  }
  return { client, enrolKey: isNew ? point : null };
}

function refuseExpired(client: ClientState, now: number, forced: boolean): void {
  if (forced || (client.accessExpiresAt !== 0 && client.accessExpiresAt <= now)) {
    throw accessDenied("The client's access has expired");
  }
  if (client.publicKey === null && client.firstAccessExpiresAt <= now) {
    throw accessDenied("The one-time token has expired");
  }
}
