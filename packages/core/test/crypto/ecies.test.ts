import { describe, expect, it } from "vitest";
import { concatBytes, utf8Bytes } from "@ksmkit/common";
import { openEcies, sealEcies } from "../../src/crypto/ecies.ts";
import { basePoint, scalar } from "./fixtures.ts";
import { keyInvalid, providers } from "./providers.ts";

const text = utf8Bytes("for one reader");

function openFailed(part: string): object {
  return expect.objectContaining({
    name: "CryptoError",
    code: "ERR_KSM_CRYPTO_OPEN_FAILED",
    message: expect.stringContaining(part) as string,
  }) as object;
}

describe.each(providers)("ECIES on %s", (_, crypto) => {
  async function recipient() {
    const key = await crypto.importScalar(scalar);
    return { key, point: await crypto.importPoint(key.publicPoint) };
  }

  it.each([0, 1, 32, 1000])("seals %i bytes into 93 more", async (length) => {
    const { key, point } = await recipient();
    const plaintext = new Uint8Array(length).fill(7);
    const blob = await sealEcies(point, plaintext, { crypto });
    expect(blob).toHaveLength(length + 93);
    expect(blob[0]).toBe(4);
    expect(await openEcies(key, blob, { crypto })).toEqual(plaintext);
  });

  it("uses a new ephemeral key and nonce each time", async () => {
    const { point } = await recipient();
    const [a, b] = [await sealEcies(point, text, { crypto }), await sealEcies(point, text, { crypto })];
    expect(a.subarray(0, 65)).not.toEqual(b.subarray(0, 65));
    expect(a.subarray(65, 77)).not.toEqual(b.subarray(65, 77));
  });

  it("binds context bytes", async () => {
    const { key, point } = await recipient();
    const id = utf8Bytes("context");
    const blob = await sealEcies(point, text, { crypto, id });
    expect(await openEcies(key, blob, { crypto, id })).toEqual(text);
    await expect(openEcies(key, blob, { crypto })).rejects.toThrow(openFailed("does not authenticate"));
  });

  it.each<[string, (blob: Uint8Array) => Uint8Array, string]>([
    ["nothing", () => new Uint8Array(), "shorter than 93 bytes"],
    ["a byte less than the least", (blob) => blob.subarray(0, 92), "shorter than 93 bytes"],
    ["a compressed point", (blob) => concatBytes(Uint8Array.of(2), blob.subarray(1)), "public point"],
    ["a point off the curve", (blob) => concatBytes(blob.subarray(0, 64), blob.subarray(63)), "public point"],
    ["another point", (blob) => concatBytes(basePoint, blob.subarray(65)), "does not authenticate"],
    ["a cut tail", (blob) => blob.subarray(0, -1), "does not authenticate"],
    ["a surplus byte", (blob) => concatBytes(blob, Uint8Array.of(0)), "does not authenticate"],
    ["a changed tag", (blob) => changed(blob, -1), "does not authenticate"],
    ["a changed nonce", (blob) => changed(blob, 65), "does not authenticate"],
  ])("does not open %s", async (_name, spoil, part) => {
    const { key, point } = await recipient();
    const blob = spoil(await sealEcies(point, text, { crypto }));
    await expect(openEcies(key, blob, { crypto })).rejects.toThrow(openFailed(part));
  });

  it("does not open under another key", async () => {
    const { point } = await recipient();
    const blob = await sealEcies(point, text, { crypto });
    const other = await crypto.generateKeyPair();
    await expect(openEcies(other, blob, { crypto })).rejects.toThrow(openFailed("does not authenticate"));
  });

  it("refuses a key that it did not make", async () => {
    await expect(sealEcies({ point: basePoint }, text, { crypto })).rejects.toThrow(keyInvalid("another"));
  });
});

describe("ECIES", () => {
  it("uses the platform's provider unless told otherwise", async () => {
    const { provider } = await import("#crypto");
    const key = await provider.generateKeyPair();
    const blob = await sealEcies(await provider.importPoint(key.publicPoint), text);
    expect(await openEcies(key, blob)).toEqual(text);
  });
});

function changed(blob: Uint8Array, at: number): Uint8Array {
  const copy = blob.slice();
  const index = at < 0 ? copy.length + at : at;
  copy[index] = (copy[index] ?? 0) ^ 1;
  return copy;
}
