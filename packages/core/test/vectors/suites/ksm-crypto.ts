/**
 * Runs the cases of `ksm-crypto.json` on the platform's crypto provider and on the web one: client ids, blobs, ECIES, signatures, private
 * key encodings and the sealed parts of one request (ksm-protocol sections 4, 5.1, 6.3 and 8).
 */
import { deepStrictEqual, fail, rejects, strictEqual } from "node:assert/strict";
import { CodedError, concatBytes, decodeBase64, encodeBase64, utf8Bytes } from "@ksmkit/common";
import { provider as platformProvider } from "#crypto";
import { openEcies, sealEcies } from "../../../src/crypto/ecies.ts";
import { importPrivateKey } from "../../../src/crypto/private-key.ts";
import type { CryptoProvider } from "../../../src/crypto/provider.ts";
import { provider as webProvider } from "../../../src/crypto/web/provider.ts";
import type { VectorSuite } from "./vector-suite.ts";

interface CryptoCase {
  id: string;
  kind: string;
  input: Record<string, string>;
  expect: Record<string, unknown>;
}

type Check = (crypto: CryptoProvider, input: Inputs, expected: Expected) => Promise<void>;

/** The texts of `input`, read by name so that a missing one fails the case. */
class Inputs {
  readonly #values: Record<string, unknown>;

  constructor(values: Record<string, unknown>) {
    this.#values = values;
  }

  has(name: string): boolean {
    return this.#values[name] !== undefined;
  }

  value(name: string): unknown {
    return this.#values[name];
  }

  text(name: string): string {
    const value = this.value(name);
    return typeof value === "string" ? value : fail(`the case has no text "${name}"`);
  }

  bytes(name: string): Uint8Array<ArrayBuffer> {
    const bytes = decodeBase64(this.text(name)) ?? fail(`"${name}" is not base64`);
    // Node's decoder gives a Buffer, which is never deeply equal to the providers' plain arrays.
    return new Uint8Array(bytes);
  }
}

class Expected extends Inputs {
  /** True for a case that must be refused, whatever the vendor SDKs do. */
  readonly refused: boolean;
  readonly valid: boolean;

  constructor(values: Record<string, unknown>) {
    super(values);
    this.refused = values["error"] === true || String(values["recommended"]).startsWith("reject");
    this.valid = values["valid"] === true;
  }
}

const clientIdTag = utf8Bytes("KEEPER_SECRETS_MANAGER_CLIENT_ID");

/** Refusing means a coded error; anything else is a defect. */
async function refuses(attempt: () => Promise<unknown>): Promise<void> {
  await rejects(attempt, (error) => CodedError.isInstance(error) && error.code.startsWith("ERR_KSM_CRYPTO_"));
}

async function opensTo(
  open: () => Promise<Uint8Array | null>,
  input: Inputs,
  expected: Expected,
): Promise<void> {
  if (expected.refused && input.bytes("key").length !== 32) return refuses(open);
  const opened = await open();
  if (expected.refused) return strictEqual(opened, null);
  deepStrictEqual(opened, expected.bytes("plaintext"));
}

const checks: Record<string, Check> = {
  async clientId(crypto, input, expected) {
    // Both vendor decoders skip foreign characters; what they keep is the secret.
    const kept = input.text("oneTimeTokenSecret").replace(/[^A-Za-z0-9+/_=-]/g, "");
    const secret = decodeBase64(kept) ?? fail("the secret is not base64");
    const id = encodeBase64(await crypto.hmac("SHA-512", secret, clientIdTag));
    deepStrictEqual([expected.value("javascript"), expected.value("python")], [{ ok: id }, { ok: id }]);
  },

  async aesGcmDecrypt(crypto, input, expected) {
    const [key, blob] = [input.bytes("key"), input.bytes("blob")];
    await opensTo(async () => crypto.openGcm(key, blob), input, expected);
    await opensTo(async () => (await crypto.openAll([{ key, blob }]))[0] ?? null, input, expected);
    if (expected.refused) return;
    const plaintext = expected.bytes("plaintext");
    deepStrictEqual(await crypto.sealGcm(key, plaintext, blob.subarray(0, 12)), blob);
  },

  async aesCbcDecrypt(crypto, input, expected) {
    const [key, blob] = [input.bytes("key"), input.bytes("blob")];
    await opensTo(async () => crypto.openCbc(key, blob), input, expected);
    if (expected.refused) return;
    const plaintext = expected.bytes("plaintext");
    deepStrictEqual(await crypto.sealCbc(key, plaintext, blob.subarray(0, 16)), blob);
  },

  async privateKeyDer(crypto, input, expected) {
    const encoded = input.bytes("privateKey");
    if (expected.refused) return refuses(() => importPrivateKey(encoded, crypto));
    const key = await importPrivateKey(encoded, crypto);
    const point = expected.bytes("publicPoint");
    deepStrictEqual(key.publicPoint, point);
    const written = await crypto.exportPkcs8(key);
    strictEqual(written.length, 138);
    deepStrictEqual(written.slice(36, 68), expected.bytes("scalar"));
    deepStrictEqual(written.slice(-65), point);
    const signature = await crypto.sign(key, encoded);
    strictEqual(await crypto.verify(await crypto.importPoint(point), signature, encoded), true);
  },

  async ecies(crypto, input, expected) {
    const recipient = await crypto.importScalar(input.bytes("recipientScalar"));
    if (expected.refused) return refuses(() => openEcies(recipient, input.bytes("ciphertext"), { crypto }));
    const ciphertext = expected.bytes("ciphertext");
    const plaintext = input.bytes("plaintext");
    deepStrictEqual(await openEcies(recipient, ciphertext, { crypto }), plaintext);
    if (!input.has("ephemeralScalar")) return;

    const point = await crypto.importPoint(input.bytes("recipientPublic"));
    deepStrictEqual(recipient.publicPoint, input.bytes("recipientPublicUrl"));
    deepStrictEqual(await crypto.exportPkcs8(recipient), input.bytes("recipientPrivateKeyPkcs8"));
    const ephemeral = await crypto.importScalar(input.bytes("ephemeralScalar"));
    const x = await crypto.sharedSecret(ephemeral, point);
    deepStrictEqual(x, expected.bytes("sharedSecretX"));
    deepStrictEqual(await crypto.sha256(x), expected.bytes("aesKey"));
    const sealed = await sealEcies(point, plaintext, { crypto, ephemeral, nonce: input.bytes("iv") });
    deepStrictEqual(sealed, ciphertext);
  },

  async eciesPublicKey(crypto, input, expected) {
    strictEqual(expected.refused, true, "only refusals are known");
    await refuses(async () => crypto.importPoint(input.bytes("publicKey")));
  },

  async signatureVerify(crypto, input, expected) {
    const key = await crypto.importPoint(input.bytes("publicPoint"));
    const [data, signature] = [input.bytes("data"), input.bytes("signature")];
    strictEqual(await crypto.verify(key, signature, data), expected.valid);
    const cut = data.length >> 1;
    strictEqual(
      await crypto.verify(key, signature, data.subarray(0, cut), data.subarray(cut)),
      expected.valid,
    );
  },

  async requestEnvelope(crypto, input, expected) {
    const client = await importPrivateKey(input.bytes("clientPrivateKey"), crypto);
    deepStrictEqual(client.publicPoint, input.bytes("clientPublicPoint"));
    const transmissionKey = input.bytes("transmissionKey");
    const ephemeral = await crypto.importScalar(input.bytes("ephemeralScalar"));
    const header = await sealEcies(await crypto.importPoint(input.bytes("serverPublicUrl")), transmissionKey, {
      crypto,
      ephemeral,
      nonce: input.bytes("eciesIv"),
    });
    deepStrictEqual(header, expected.bytes("headerTransmissionKey"));
    const server = await crypto.importScalar(input.bytes("serverScalar"));
    deepStrictEqual(await openEcies(server, header, { crypto }), transmissionKey);

    const payload = utf8Bytes(input.text("payloadJson"));
    const body = await crypto.sealGcm(transmissionKey, payload, input.bytes("bodyIv"));
    deepStrictEqual(body, expected.bytes("body"));
    deepStrictEqual(concatBytes(header, body), expected.bytes("signatureBase"));

    const verifier = await crypto.importPoint(client.publicPoint);
    const [scheme, sample = ""] = expected.text("sampleAuthorization").split(" ");
    strictEqual(scheme, "Signature");
    const signature = decodeBase64(sample) ?? fail("the sample signature is not base64");
    strictEqual(await crypto.verify(verifier, signature, header, body), true);
    strictEqual(await crypto.verify(verifier, await crypto.sign(client, header, body), header, body), true);
  },
};

/** The suite of `ksm-crypto.json`. */
export const suite: VectorSuite = {
  file: "ksm-crypto.json",
  async run(vectorCase) {
    const { kind, input, expect } = vectorCase as CryptoCase;
    const check = checks[kind] ?? fail(`unknown kind "${kind}"`);
    for (const crypto of new Set([platformProvider, webProvider])) {
      await check(crypto, new Inputs(input), new Expected(expect));
    }
  },
};
