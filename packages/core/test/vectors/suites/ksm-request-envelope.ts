/** Runs the case of kind `requestEnvelope` of `ksm-crypto.json`: a whole request with all its keys (ksm-protocol section 8). */
import { ok, strictEqual } from "node:assert/strict";
import { createDecipheriv, createECDH, createHash, createPublicKey, verify } from "node:crypto";
import { provider } from "#crypto";
import { sealRequest } from "../../../src/transport/envelope.ts";

interface EnvelopeCase {
  input: {
    serverScalar: string;
    serverPublicUrl: string;
    clientPrivateKey: string;
    clientPublicPoint: string;
    transmissionKey: string;
    payloadJson: string;
  };
  expect: { headerTransmissionKey: string; body: string; signatureBase: string; sampleAuthorization: string };
}

const bytes = (text: string): Buffer<ArrayBuffer> => Buffer.from(text, "base64");

/** Opens a GCM blob without any code of the package. */
function openBlob(key: Uint8Array, blob: Uint8Array): Buffer {
  const decipher = createDecipheriv("aes-256-gcm", key, blob.subarray(0, 12));
  decipher.setAuthTag(blob.subarray(-16));
  return Buffer.concat([decipher.update(blob.subarray(12, -16)), decipher.final()]);
}

/** Does what the service does with a request: unwraps its key, opens its body, checks its signature. */
function openAsService(
  { input }: EnvelopeCase,
  header: Uint8Array,
  body: Uint8Array,
  signature: Uint8Array,
): void {
  const service = createECDH("prime256v1");
  service.setPrivateKey(bytes(input.serverScalar));
  strictEqual(header.length, 125);
  const wrapping = createHash("sha256").update(service.computeSecret(header.subarray(0, 65))).digest();
  const transmissionKey = openBlob(wrapping, header.subarray(65));
  strictEqual(transmissionKey.toString("base64"), input.transmissionKey);
  strictEqual(openBlob(transmissionKey, body).toString(), input.payloadJson);
  const point = bytes(input.clientPublicPoint);
  const jwk = {
    kty: "EC",
    crv: "P-256",
    x: point.subarray(1, 33).toString("base64url"),
    y: point.subarray(33).toString("base64url"),
  };
  const key = createPublicKey({ key: jwk, format: "jwk" });
  ok(verify("sha256", Buffer.concat([header, body]), key, signature), "signature");
}

/** Rejects when the vector or a request sealed from it does not open as a service would open it. */
export async function runRequestEnvelopeCase(vectorCase: unknown): Promise<void> {
  const envelope = vectorCase as EnvelopeCase;
  const { input, expect } = envelope;
  const header = bytes(expect.headerTransmissionKey);
  const body = bytes(expect.body);
  strictEqual(Buffer.concat([header, body]).toString("base64"), expect.signatureBase);
  openAsService(envelope, header, body, bytes(expect.sampleAuthorization.replace("Signature ", "")));

  const keys = {
    serverKey: { id: "10", key: await provider.importPoint(bytes(input.serverPublicUrl)) },
    privateKey: await provider.importScalar(bytes(input.clientPrivateKey).subarray(36, 68)),
  };
  const seal = () =>
    sealRequest(Buffer.from(input.payloadJson), { ...keys, transmissionKey: bytes(input.transmissionKey) });
  const [one, two] = [await seal(), await seal()];
  for (const { transmissionKey, payload } of [one, two]) {
    strictEqual(transmissionKey.publicKeyId, 10);
    openAsService(envelope, transmissionKey.encryptedKey, payload.payload, payload.signature);
  }
  // Nothing of one attempt may come back in the next.
  for (const pick of [
    (sealed: typeof one) => sealed.transmissionKey.encryptedKey.subarray(0, 65),
    (sealed: typeof one) => sealed.transmissionKey.encryptedKey.subarray(65, 77),
    (sealed: typeof one) => sealed.payload.payload.subarray(0, 12),
    (sealed: typeof one) => sealed.payload.signature,
  ]) {
    ok(!Buffer.from(pick(one)).equals(pick(two)));
  }
}
