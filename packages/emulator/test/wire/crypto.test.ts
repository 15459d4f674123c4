import { encodeHex, platformRandom as random, utf8Bytes, utf8Text } from "@ksmkit/common";
import { describe, expect, test } from "vitest";
import { openCbc, openGcm, sealCbc, sealGcm } from "../../src/wire/aes.ts";
import { deriveClientId, generateUid, isUid } from "../../src/wire/identifiers.ts";
import {
  openEcies,
  sealEcies,
  wrappedKeyLength,
  generateKeyPair,
  importPoint,
  keyPairFromScalar,
} from "../../src/wire/p256.ts";
import { paddedJson } from "../../src/owner/seal.ts";

const key = random(32);

describe("blobs", () => {
  test.each([0, 1, 15, 16, 17, 4096])("%i bytes survive both modes at the documented lengths", (length) => {
    const plain = random(length);
    const gcm = sealGcm(key, plain, random);
    const cbc = sealCbc(key, plain, random);
    expect(gcm.length).toBe(length + 28);
    expect(cbc.length).toBe(16 + (Math.floor(length / 16) + 1) * 16);
    expect(openGcm(key, gcm)).toEqual(Buffer.from(plain));
    expect(openCbc(key, cbc)).toEqual(Buffer.from(plain));
  });

  test("wrapped keys have the lengths that show their mode", () => {
    const pair = generateKeyPair();
    expect(sealGcm(key, random(32), random)).toHaveLength(60);
    expect(sealCbc(key, random(32), random)).toHaveLength(64);
    expect(sealEcies(pair.publicKey, random(32), random)).toHaveLength(wrappedKeyLength);
    expect(wrappedKeyLength).toBe(125);
  });

  test("nothing opens with a wrong key, a short key, a damaged or a short blob", () => {
    const sealed = sealGcm(key, utf8Bytes("text"), random);
    expect(openGcm(random(32), sealed)).toBeNull();
    expect(openGcm(random(16), sealed)).toBeNull();
    expect(openGcm(key, sealed.subarray(1))).toBeNull();
    expect(openGcm(key, sealed.subarray(0, 27))).toBeNull();
    expect(openCbc(random(16), sealCbc(key, utf8Bytes("text"), random))).toBeNull();
    expect(openCbc(key, random(16))).toBeNull();
    expect(openCbc(key, random(33))).toBeNull();
  });
});

describe("ECIES", () => {
  test("opens with the private key only, and never throws on points that are none", () => {
    const pair = generateKeyPair();
    const sealed = sealEcies(pair.publicKey, key, random) ?? new Uint8Array();
    expect(openEcies(pair.privateKey, sealed)).toEqual(Buffer.from(key));
    expect(openEcies(generateKeyPair().privateKey, sealed)).toBeNull();
    expect(openEcies(pair.privateKey, new Uint8Array(125).fill(4))).toBeNull();
    expect(openEcies(pair.privateKey, new Uint8Array(10))).toBeNull();
    expect(sealEcies(new Uint8Array(65).fill(4), key, random)).toBeNull();
    expect(sealEcies(pair.publicKey.subarray(0, 33), key, random)).toBeNull();
  });
});

describe("P-256 keys", () => {
  test("a scalar leads back to its pair", () => {
    const pair = generateKeyPair();
    expect(pair.privateKey).toHaveLength(32);
    expect(keyPairFromScalar(pair.privateKey)?.publicKey).toEqual(pair.publicKey);
  });

  test.each([new Uint8Array(32), new Uint8Array(32).fill(255), new Uint8Array(31).fill(1)])(
    "an impossible scalar is refused",
    (scalar) => {
      expect(keyPairFromScalar(scalar)).toBeNull();
    },
  );

  test("points must be uncompressed and on the curve", () => {
    const { publicKey } = generateKeyPair();
    expect(importPoint(publicKey)).not.toBeNull();
    expect(importPoint(publicKey.subarray(0, 64))).toBeNull();
    expect(importPoint(Uint8Array.from(publicKey, (byte, at) => (at === 64 ? byte ^ 1 : byte)))).toBeNull();
    expect(importPoint(Uint8Array.from(publicKey, (byte, at) => (at === 0 ? 6 : byte)))).toBeNull();
  });
});

test("the client id is the HMAC of the fixed tag", () => {
  expect(deriveClientId(new Uint8Array(32))).toMatch(/^[A-Za-z0-9+/]{86}==$/);
  expect(deriveClientId(new Uint8Array(32))).not.toBe(deriveClientId(new Uint8Array(32).fill(1)));
});

test("padded JSON is at least 384 bytes and a multiple of 16", () => {
  expect(paddedJson({})).toHaveLength(384);
  const long = paddedJson({ text: "x".repeat(400) });
  expect(long.length % 16).toBe(0);
  expect(JSON.parse(utf8Text(long))).toEqual({ text: "x".repeat(400) });
});

test("UIDs never start like a command-line flag", () => {
  const always = (): Uint8Array<ArrayBuffer> => new Uint8Array(16).fill(255);
  expect(encodeHex(Buffer.from(generateUid(always), "base64url")).slice(0, 2)).toBe("7f");
  expect(isUid(generateUid(random))).toBe(true);
  expect(isUid("short")).toBe(false);
});
