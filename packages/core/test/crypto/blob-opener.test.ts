import { describe, expect, it } from "vitest";
import { BlobOpener } from "../../src/crypto/blob-opener.ts";
import { gcmStream } from "../../src/crypto/node/gcm-stream.ts";
import { provider } from "../../src/crypto/node/provider.ts";

const key = new Uint8Array(32).fill(3);
if (gcmStream === undefined) throw new Error("not on Node");
const stream = gcmStream;
const { createOpener, createSealer } = stream;

function open(blob: Uint8Array, size: number): { plaintext: Buffer; genuine: boolean } {
  const opener = new BlobOpener(key, stream);
  const parts: Uint8Array[] = [];
  for (let at = 0; at < blob.length; at += size) parts.push(...opener.push(blob.subarray(at, at + size)));
  return { plaintext: Buffer.concat(parts), genuine: opener.end() };
}

describe("BlobOpener", () => {
  for (const length of [0, 1, 15, 16, 17, 100]) {
    it(`opens ${length} bytes however they are cut`, async () => {
      const plaintext = Uint8Array.from({ length }, (_, index) => index);
      const blob = await provider.sealGcm(key, plaintext);
      for (let size = 1; size <= blob.length; size++) {
        const opened = open(blob, size);
        expect(opened.genuine).toBe(true);
        expect(Buffer.compare(opened.plaintext, plaintext)).toBe(0);
      }
    });
  }

  it("finds every blob that is cut short or changed", async () => {
    const blob = await provider.sealGcm(key, new Uint8Array(20));
    for (let length = 0; length < blob.length; length++) {
      expect(open(blob.subarray(0, length), 7).genuine).toBe(false);
    }
    for (let at = 0; at < blob.length; at++) {
      const changed = blob.slice();
      changed[at] = (changed[at] ?? 0) ^ 1;
      expect(open(changed, 9).genuine).toBe(false);
    }
  });

  it("opens what the sealer of the same platform made piece by piece, and so does the whole form", async () => {
    const sealer = createSealer(key);
    const parts = [sealer.nonce, sealer.update(new Uint8Array(5)), sealer.update(new Uint8Array(0))];
    parts.push(sealer.update(new Uint8Array([7])), sealer.end());
    const blob = new Uint8Array(Buffer.concat(parts));
    expect(open(blob, 4)).toEqual({ plaintext: Buffer.from([0, 0, 0, 0, 0, 7]), genuine: true });
    expect(await provider.openGcm(key, blob)).toEqual(new Uint8Array([0, 0, 0, 0, 0, 7]));
    expect(createSealer(key).nonce).not.toEqual(sealer.nonce);
  });

  it("refuses keys and nonces of another length", () => {
    expect(() => createSealer(new Uint8Array(16))).toThrow(/32 bytes/);
    expect(() => createOpener(new Uint8Array(31), new Uint8Array(12))).toThrow(/32 bytes/);
    expect(() => createOpener(key, new Uint8Array(16))).toThrow(/12 bytes/);
  });
});
