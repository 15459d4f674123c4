import { createCipheriv, createDecipheriv, createHash, hkdfSync } from "node:crypto";
import { describe, expect, it } from "vitest";
import {
  openEntry,
  readHead,
  sealEntry,
  type EntryHead,
  type EntryContext,
} from "../../src/entries/sealed-entry.ts";

const context: EntryContext = {
  appKey: new Uint8Array(32).map((_, at) => at),
  client: "vault.example\nclient",
  label: "listing",
};
const head: EntryHead = {
  requestedAt: 1_700_000_000_000,
  fetchedAt: 1_700_000_000_123,
  expiresAt: 1_700_604_800_123,
};
const value = { records: [{ recordUid: "é" }], number: 1 };
const content = new TextEncoder().encode(JSON.stringify(value));

const sha256 = (text: string): Buffer => createHash("sha256").update(text).digest();

/** The key as the layout describes it, made without this package. */
function keyFor({ appKey, client, label }: EntryContext, bytes: Uint8Array): Buffer {
  const info = Buffer.concat([Buffer.from("ksmkit cache entry 1"), sha256(label), bytes.subarray(0, 32)]);
  return Buffer.from(hkdfSync("sha256", appKey, sha256(client), info, 32));
}

it("seals as the layout says", async () => {
  const bytes = Buffer.from(await sealEntry(context, head, content));
  expect(bytes.subarray(0, 8)).toEqual(Buffer.from("KSMC\u0001\0\0\0"));
  expect([8, 16, 24].map((at) => Number(bytes.readBigUInt64BE(at)))).toEqual(Object.values(head));
  const decipher = createDecipheriv("aes-256-gcm", keyFor(context, bytes), bytes.subarray(32, 44));
  decipher.setAuthTag(bytes.subarray(-16));
  const text = Buffer.concat([decipher.update(bytes.subarray(44, -16)), decipher.final()]).toString();
  expect(JSON.parse(text)).toEqual(value);
});

it("opens what was sealed as the layout says", async () => {
  const bytes = Buffer.alloc(32);
  bytes.write("KSMC\u0001", "latin1");
  for (const [at, time] of Object.values(head).entries())
    bytes.writeBigUInt64BE(BigInt(time as number), 8 + 8 * at);
  const nonce = Buffer.alloc(12, 7);
  const cipher = createCipheriv("aes-256-gcm", keyFor(context, bytes), nonce);
  const sealed = [cipher.update(JSON.stringify(value)), cipher.final(), cipher.getAuthTag()];
  expect(await openEntry(context, Buffer.concat([bytes, nonce, ...sealed]))).toEqual({ head, value });
});

describe("opens nothing", () => {
  const others: Record<string, Partial<EntryContext>> = {
    "for another application": { appKey: new Uint8Array(32) },
    "for another client": { client: "vault.example\nother" },
    "under another name": { label: "listing links" },
  };
  for (const [what, other] of Object.entries(others)) {
    it(`sealed ${what}`, async () => {
      expect(await openEntry({ ...context, ...other }, await sealEntry(context, head, content))).toBeNull();
    });
  }

  it("with any bit changed, in the head neither", async () => {
    const sealed = await sealEntry(context, head, content);
    for (let at = 0; at < sealed.length; at++) {
      expect(await openEntry(context, sealed.with(at, (sealed[at] ?? 0) ^ (1 << (at % 8))))).toBeNull();
    }
  });

  it("cut short or made longer", async () => {
    const sealed = await sealEntry(context, head, content);
    for (const length of [0, 7, 31, 32, 44, 59, sealed.length - 1]) {
      expect(await openEntry(context, sealed.subarray(0, length))).toBeNull();
    }
    expect(await openEntry(context, Uint8Array.of(...sealed, 0))).toBeNull();
  });
});

it("never seals the same twice in the same way", async () => {
  const [a, b] = [await sealEntry(context, head, content), await sealEntry(context, head, content)];
  expect(Buffer.from(a.subarray(32)).equals(Buffer.from(b.subarray(32)))).toBe(false);
});

it("reads a head only where there is one, and times only where they can be", async () => {
  const sealed = await sealEntry(context, head, content);
  expect(readHead(sealed)).toEqual(head);
  for (const bytes of [new Uint8Array(), new Uint8Array(64), sealed.with(0, 0), sealed.with(8, 255)]) {
    expect(readHead(bytes)).toBeNull();
  }
  const odd = await sealEntry(context, { requestedAt: -5, fetchedAt: 1.7, expiresAt: Infinity }, content);
  expect(readHead(odd)).toEqual({ requestedAt: 0, fetchedAt: 1, expiresAt: 8.64e15 });
});
