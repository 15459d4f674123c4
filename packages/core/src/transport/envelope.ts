/** The sealed form of one request and its answer (ksm-protocol sections 8.1 to 8.3). */
import { isJsonObject, parseJson, utf8Text, type JsonObject } from "@ksmkit/common";
import { provider } from "#crypto";
import { sealEcies } from "../crypto/ecies.ts";
import type { PrivateKey, PublicKey } from "../crypto/provider.ts";
import { TransportError } from "../errors/errors.ts";

/** The key of one attempt, in the shape that the vendor's replaceable post functions know. */
export interface TransmissionKey {
  /** Number of the server key that `encryptedKey` is made for. */
  readonly publicKeyId: number;
  /** 32 bytes; opens the answer. A post function may replace it when it answers with older bytes. */
  key: Uint8Array;
  /** ECIES blob of `key`, 125 bytes. */
  readonly encryptedKey: Uint8Array<ArrayBuffer>;
}

/** A request as it travels. */
export interface SealedRequest {
  readonly transmissionKey: TransmissionKey;
  readonly payload: {
    /** GCM blob of the request's JSON. */
    readonly payload: Uint8Array<ArrayBuffer>;
    /** DER signature over `encryptedKey ‖ payload`. */
    readonly signature: Uint8Array<ArrayBuffer>;
  };
}

/** The keys that a request is sealed with. */
export interface SealingKeys {
  serverKey: { id: string; key: PublicKey };
  /** The device's key, which signs. */
  privateKey: PrivateKey;
  /** 32 fresh random bytes. The caller keeps them, and zero-fills them after the answer. */
  transmissionKey: Uint8Array<ArrayBuffer>;
}

/** A response after it is opened. */
export interface OpenedResponse {
  readonly json: JsonObject;
  /** The text that `json` was parsed from, as UTF-8. */
  readonly bytes: Uint8Array;
}

/**
 * Seals and signs a request. Ephemeral key, nonces and signature are new each time; the service is said to
 * refuse a repeated nonce, so the same bytes must never be sent twice.
 *
 * @param json the request's JSON as UTF-8, made once however many attempts there are
 */
export async function sealRequest(json: Uint8Array, keys: SealingKeys): Promise<SealedRequest> {
  const { serverKey, privateKey, transmissionKey: key } = keys;
  const encryptedKey = await sealEcies(serverKey.key, key);
  const payload = await provider.sealGcm(key, json);
  const signature = await provider.sign(privateKey, encryptedKey, payload);
  return {
    transmissionKey: { publicKeyId: Number(serverKey.id), key, encryptedKey },
    payload: { payload, signature },
  };
}

/**
 * Opens a success. The error never quotes what was received.
 *
 * @param coding `Content-Encoding` of the answer, where the transport names one; it should be decoded by then
 * @throws {@link TransportError} `ERR_KSM_TRANSPORT_BAD_RESPONSE`
 */
export async function openResponse(
  blob: Uint8Array,
  transmissionKey: Uint8Array,
  endpoint?: string,
  coding?: string | null,
): Promise<OpenedResponse> {
  const opened = transmissionKey.length === 32 ? await provider.openGcm(transmissionKey, blob) : null;
  if (opened === null) {
    const known = coding && /^[\w.*+, -]{1,40}$/.test(coding) && coding !== "identity";
    const hint = known
      ? `; it was sent with content-encoding ${coding}, which something may not have decoded`
      : "";
    throw badResponse(`does not open under this request's key${hint}`, endpoint);
  }
  const { value: json, fault } = parseJson(utf8Text(opened));
  if (fault === "depth") throw badResponse("nests deeper than 500 levels", endpoint);
  if (!isJsonObject(json)) throw badResponse("is not a JSON object", endpoint);
  return { json, bytes: opened };
}

/** The error for an answer that the protocol does not allow. */
export function badResponse(what: string, endpoint: string | undefined): TransportError {
  return new TransportError(
    "ERR_KSM_TRANSPORT_BAD_RESPONSE",
    `The answer to ${endpoint ?? "the request"} ${what}.`,
    { endpoint, status: 200 },
  );
}
