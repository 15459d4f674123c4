import { createPublicKey } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { encodeBase64, isJsonObject } from "@ksmkit/common";
import { expect, test } from "vitest";
import { openCbc, openGcm } from "../../src/wire/aes.ts";
import { deriveClientId } from "../../src/wire/identifiers.ts";
import { openEcies, importPoint, verifySignature } from "../../src/wire/p256.ts";
import { bytes, type Json, list } from "../support/raw-client.ts";

const vectors: unknown = JSON.parse(readFileSync(join(import.meta.dirname, "ksm-crypto.json"), "utf8"));
const cases = list(isJsonObject(vectors) ? vectors["cases"] : []);

const of = (kind: string): [string, Json, Json][] =>
  cases
    .filter((vector) => vector["kind"] === kind)
    .map((vector) => [String(vector["id"]), part(vector, "input"), part(vector, "expect")]);

function part(object: Json, key: string): Json {
  const value = object[key];
  return isJsonObject(value) ? value : {};
}

function text(sealed: Uint8Array | null): string | null {
  return sealed === null ? null : encodeBase64(sealed);
}

const secretOf = (input: Json): Uint8Array => bytes(input["oneTimeTokenSecret"]);

// The SDKs also accept secrets of other lengths; the vault never makes one.
test.each(of("clientId").filter(([, input]) => secretOf(input).length === 32))("%s", (_id, input, expected) => {
  expect(deriveClientId(secretOf(input))).toBe(part(expected, "javascript")["ok"]);
});

test.each(of("aesGcmDecrypt"))("%s", (_id, input, expected) => {
  expect(text(openGcm(bytes(input["key"]), bytes(input["blob"])))).toBe(expected["plaintext"] ?? null);
});

test.each(of("aesCbcDecrypt"))("%s", (_id, input, expected) => {
  expect(text(openCbc(bytes(input["key"]), bytes(input["blob"])))).toBe(expected["plaintext"] ?? null);
});

test.each(of("ecies"))("%s", (_id, input, expected) => {
  const sealed = bytes(expected["ciphertext"] ?? input["ciphertext"]);
  expect(text(openEcies(bytes(input["recipientScalar"]), sealed))).toBe(input["plaintext"] ?? null);
});

test.each(of("eciesPublicKey"))("%s is refused", (_id, input) => {
  expect(importPoint(bytes(input["publicKey"]))).toBeNull();
});

test.each(of("signatureVerify"))("%s", (_id, input, expected) => {
  const key = importPoint(bytes(input["publicPoint"]));
  if (key === null) throw new Error("not a point");
  expect(key.equals(createPublicKey({ key: key.export({ format: "pem", type: "spki" }) }))).toBe(true);
  expect(verifySignature(key, bytes(input["data"]), bytes(input["signature"]))).toBe(expected["valid"]);
});
