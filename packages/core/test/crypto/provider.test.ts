import { inspect } from "node:util";
import { describe, expect, it } from "vitest";
import { concatBytes, encodeBase64, encodeHex, utf8Bytes } from "@ksmkit/common";
import type { CryptoProvider, SealedItem } from "../../src/crypto/provider.ts";
import { basePoint, hex, one, order, orderLessOne, point, prime, scalar } from "./fixtures.ts";
import { keyInvalid, nodeProvider, providers, webProvider } from "./providers.ts";

const key = new Uint8Array(32).fill(9);
const text = utf8Bytes("plain text");
const argumentInvalid = expect.objectContaining({ code: "ERR_KSM_ARGUMENT_INVALID" }) as object;

/** Runs a call that may throw at once or reject. */
async function call<T>(run: () => T): Promise<Awaited<T>> {
  return await run();
}

describe.each(providers)("%s provider", (_, crypto) => {
  describe("AES", () => {
    const calls: [string, (k: Uint8Array) => unknown][] = [
      ["openGcm", (k) => crypto.openGcm(k, new Uint8Array(60))],
      ["openAll", (k) => crypto.openAll([{ key: k, blob: new Uint8Array(60) }])],
      ["sealGcm", (k) => crypto.sealGcm(k, text)],
      ["openCbc", (k) => crypto.openCbc(k, new Uint8Array(64))],
      ["sealCbc", (k) => crypto.sealCbc(k, text)],
    ];
    it.each(calls)("%s refuses keys of any length but 32", async (_name, run) => {
      for (const length of [0, 16, 24, 31, 33]) {
        await expect(call(() => run(new Uint8Array(length)))).rejects.toThrow(keyInvalid("32 bytes"));
      }
    });

    it.each([0, 11, 13, 16])("refuses a GCM nonce of %i bytes", async (length) => {
      await expect(call(() => crypto.sealGcm(key, text, new Uint8Array(length)))).rejects.toEqual(
        argumentInvalid,
      );
    });

    it.each([0, 12, 15, 17])("refuses a CBC iv of %i bytes", async (length) => {
      await expect(call(() => crypto.sealCbc(key, text, new Uint8Array(length)))).rejects.toEqual(
        argumentInvalid,
      );
    });

    it("draws a new nonce and iv each time", async () => {
      expect(await crypto.sealGcm(key, text)).not.toEqual(await crypto.sealGcm(key, text));
      expect(await crypto.sealCbc(key, text)).not.toEqual(await crypto.sealCbc(key, text));
    });

    it("opens no GCM blob with a bit changed or an end missing", async () => {
      const blob = await crypto.sealGcm(key, text);
      for (let at = 0; at < blob.length; at++) {
        expect(await crypto.openGcm(key, flipped(blob, at))).toBeNull();
        expect(await crypto.openGcm(key, blob.subarray(0, at))).toBeNull();
        expect(await crypto.openGcm(key, blob.subarray(at + 1))).toBeNull();
      }
    });

    it.each([0, 15, 16, 17, 31, 33, 47])("opens no CBC blob of %i bytes", async (length) => {
      expect(await crypto.openCbc(key, new Uint8Array(length))).toBeNull();
    });

    it("reads blobs and keys that are views into other memory", async () => {
      const blob = await crypto.sealGcm(key, text);
      const around = concatBytes(text, key, blob, text);
      const view = around.subarray(text.length + 32, text.length + 32 + blob.length);
      const viewedKey = around.subarray(text.length, text.length + 32);
      expect(await crypto.openGcm(viewedKey, view)).toEqual(text);
      expect(await crypto.openGcm(Buffer.from(key), Buffer.from(blob))).toEqual(text);
    });

    it("reads memory shared between threads", async () => {
      const shared = new Uint8Array(new SharedArrayBuffer(text.length));
      shared.set(text);
      expect(await crypto.openGcm(key, await crypto.sealGcm(key, shared))).toEqual(text);
    });
  });

  describe("openAll", () => {
    it("opens nothing", async () => {
      expect(await crypto.openAll([])).toEqual([]);
    });

    it("puts each result at its item's place, over changing keys and across batches", async () => {
      const keys = [key, new Uint8Array(32).fill(1), new Uint8Array(32).fill(2)];
      const items: SealedItem[] = [];
      const expected: (Uint8Array | null)[] = [];
      for (let i = 0; i < 700; i++) {
        const own = keys[Math.floor(i / 3) % 3] ?? key;
        const plaintext = utf8Bytes(`record ${i}`);
        const blob = await crypto.sealGcm(own, plaintext);
        const broken = i % 7 === 0;
        items.push({ key: own, blob: broken ? flipped(blob, i % blob.length) : blob });
        expected.push(broken ? null : plaintext);
      }
      items.push({ key, blob: new Uint8Array(27) }, { key, blob: new Uint8Array() });
      expected.push(null, null);
      expect(await crypto.openAll(items)).toEqual(expected);
    });
  });

  describe("importScalar", () => {
    it.each([
      ["1", one],
      ["the order less one", orderLessOne],
      ["one with leading zeros", hex("00".repeat(20) + "0102030405060708090a0b0c")],
    ])("takes %s and writes it back", async (_name, bytes) => {
      const own = await crypto.importScalar(bytes);
      const pkcs8 = await crypto.exportPkcs8(own);
      expect(pkcs8).toHaveLength(138);
      expect(pkcs8.subarray(36, 68)).toEqual(bytes);
      const peer = await crypto.importPoint(own.publicPoint);
      expect(await crypto.verify(peer, await crypto.sign(own, text), text)).toBe(true);
    });

    it.each([
      ["0", new Uint8Array(32), "zero"],
      ["the order", order, "curve order"],
      ["the order and one", hex(encodeHex(order).slice(0, -1) + "2"), "curve order"],
      ["the field's prime", prime, "curve order"],
      ["all ones", new Uint8Array(32).fill(255), "curve order"],
      ["no bytes", new Uint8Array(), "32 bytes"],
      ["31 bytes", one.subarray(1), "32 bytes"],
      ["33 bytes", concatBytes(Uint8Array.of(0), one), "32 bytes"],
    ])("refuses %s", async (_name, bytes, part) => {
      await expect(call(() => crypto.importScalar(bytes))).rejects.toThrow(keyInvalid(part));
    });

    it("derives the point", async () => {
      expect((await crypto.importScalar(one)).publicPoint).toEqual(basePoint);
      expect((await crypto.importScalar(scalar)).publicPoint).toEqual(point);
    });

    it("shows no scalar", async () => {
      const own = await crypto.importScalar(scalar);
      await crypto.sign(own, text);
      const shown = inspect(own, { depth: 9, showHidden: true }) + JSON.stringify(own);
      expect(shown).not.toContain(encodeHex(scalar).slice(0, 12));
      expect(shown).not.toContain(encodeBase64(scalar).slice(0, 12));
      expect(Object.keys(own)).toEqual(["publicPoint"]);
    });
  });

  describe("importPoint", () => {
    const x = basePoint.subarray(1, 33);
    const y = basePoint.subarray(33);
    it.each([
      ["nothing", new Uint8Array(), "65 bytes"],
      ["infinity", Uint8Array.of(0), "65 bytes"],
      ["infinity filled up", new Uint8Array(65), "first byte"],
      ["a compressed point", concatBytes(Uint8Array.of(3), x), "65 bytes"],
      ["a hybrid point, y even", concatBytes(Uint8Array.of(6), x, y), "first byte"],
      ["a hybrid point, y odd", concatBytes(Uint8Array.of(7), x, y), "first byte"],
      ["64 bytes", concatBytes(x, y), "65 bytes"],
      ["66 bytes", concatBytes(basePoint, Uint8Array.of(0)), "65 bytes"],
      ["a point off the curve", flipped(basePoint, 64), "not on the P-256 curve"],
      ["the origin", concatBytes(Uint8Array.of(4), new Uint8Array(64)), "not on the P-256 curve"],
      ["x at the prime", concatBytes(Uint8Array.of(4), prime, y), "not on the P-256 curve"],
      // x = 0 is on the curve with this y; x = p names the same point in a second way.
      [
        "x not reduced",
        concatBytes(
          Uint8Array.of(4),
          prime,
          hex("66485c780e2f83d72433bd5d84a06bb6541c2af31dae871728bf856a174f93f4"),
        ),
        "not on the P-256 curve",
      ],
    ])("refuses %s", async (_name, bytes, part) => {
      await expect(call(() => crypto.importPoint(bytes))).rejects.toThrow(keyInvalid(part));
    });

    it("takes x = 0 where the curve has it", async () => {
      const y0 = hex("66485c780e2f83d72433bd5d84a06bb6541c2af31dae871728bf856a174f93f4");
      const zero = concatBytes(Uint8Array.of(4), new Uint8Array(32), y0);
      expect((await crypto.importPoint(zero)).point).toEqual(zero);
    });

    it("keeps a copy of its own", async () => {
      const given = point.slice();
      const peer = await crypto.importPoint(given);
      given.fill(0);
      expect(peer.point).toEqual(point);
    });
  });

  describe("signatures", () => {
    it("are strict DER with minimal integers", async () => {
      const own = await crypto.generateKeyPair();
      for (let i = 0; i < 40; i++) {
        const signature = await crypto.sign(own, Uint8Array.of(i));
        const rLength = signature[3] ?? 0;
        expect([signature[0], signature[1], signature[2]]).toEqual([0x30, signature.length - 2, 2]);
        expect(signature[4 + rLength]).toBe(2);
        for (const start of [4, 6 + rLength]) {
          const [first = 0, second = 0] = signature.subarray(start);
          expect(first < 0x80 && (first > 0 || second >= 0x80)).toBe(true);
        }
      }
    });

    it("cover no parts, one part and many parts", async () => {
      const own = await crypto.generateKeyPair();
      const peer = await crypto.importPoint(own.publicPoint);
      expect(await crypto.verify(peer, await crypto.sign(own), new Uint8Array())).toBe(true);
      const signature = await crypto.sign(own, text, key, text);
      expect(await crypto.verify(peer, signature, concatBytes(text, key, text))).toBe(true);
      expect(await crypto.verify(peer, signature, text, text, key)).toBe(false);
    });

    it.each([
      ["nothing", ""],
      ["an empty sequence", "3000"],
      ["zeros", "3006020100020100"],
      ["one and zero", "3006020101020100"],
      ["negative integers", "30060201ff0201ff"],
      ["empty integers", "300402000200"],
      ["an indefinite length", "30800201010201010000"],
      ["64 raw bytes", "01".repeat(64)],
    ])("of %s are false", async (_name, signature) => {
      const peer = await crypto.importPoint(point);
      expect(await crypto.verify(peer, hex(signature), text)).toBe(false);
    });

    it("in any looser encoding are false", async () => {
      const own = await crypto.importScalar(scalar);
      const peer = await crypto.importPoint(point);
      const good = await crypto.sign(own, text);
      const body = encodeHex(good.subarray(2));
      const length = good.length - 2;
      const byte = (value: number) => value.toString(16).padStart(2, "0");
      const rest = encodeHex(good.subarray(4));
      const looser = [
        `3081${byte(length)}${body}`,
        `308200${byte(length)}${body}`,
        `3080${body}0000`,
        `30${byte(length + 1)}02${byte((good[3] ?? 0) + 1)}00${rest}`,
        `30${byte(length + 2)}${body}0500`,
        `30${byte(length)}${body}00`,
        `31${byte(length)}${body}`,
      ];
      expect(await crypto.verify(peer, good, text)).toBe(true);
      for (const text16 of looser) expect(await crypto.verify(peer, hex(text16), text)).toBe(false);
    });
  });

  describe("hashes", () => {
    it("SHA-256 gives the digest of FIPS 180-4's example", async () => {
      expect(encodeHex(await crypto.sha256(utf8Bytes("abc")))).toBe(
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
      );
    });

    it("HMAC takes an empty key", async () => {
      expect(encodeHex(await crypto.hmac("SHA-256", new Uint8Array(), new Uint8Array()))).toBe(
        "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad",
      );
    });

    it("HKDF gives RFC 5869's first case", async () => {
      const okm = await crypto.hkdf(
        hex("0b".repeat(22)),
        hex("000102030405060708090a0b0c"),
        hex("f0f1f2f3f4f5f6f7f8f9"),
        42,
      );
      expect(encodeHex(okm)).toBe(
        "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865",
      );
    });

    it.each([0, -1, 1.5, 8161, Number.NaN])("HKDF makes no %d bytes", async (length) => {
      await expect(call(() => crypto.hkdf(key, text, text, length))).rejects.toEqual(argumentInvalid);
    });

    it("HKDF takes 1024 bytes of context and no more", async () => {
      expect(await crypto.hkdf(key, text, new Uint8Array(1024), 8160)).toHaveLength(8160);
      await expect(call(() => crypto.hkdf(key, text, new Uint8Array(1025), 32))).rejects.toEqual(
        argumentInvalid,
      );
    });
  });

  it("gives out plain arrays that own all their memory", async () => {
    const own = await crypto.generateKeyPair();
    const peer = await crypto.importPoint(own.publicPoint);
    const gcm = await crypto.sealGcm(key, text);
    const cbc = await crypto.sealCbc(key, text);
    const results = {
      publicPoint: own.publicPoint,
      point: peer.point,
      gcm,
      opened: await crypto.openGcm(key, gcm),
      openedAll: (await crypto.openAll([{ key, blob: gcm }]))[0],
      openedEmpty: await crypto.openGcm(key, await crypto.sealGcm(key, new Uint8Array())),
      cbc,
      openedCbc: await crypto.openCbc(key, cbc),
      hmac: await crypto.hmac("SHA-1", key, text),
      hkdf: await crypto.hkdf(key, text, text, 20),
      sha256: await crypto.sha256(text),
      pkcs8: await crypto.exportPkcs8(own),
      signature: await crypto.sign(own, text),
      secret: await crypto.sharedSecret(own, peer),
    };
    const unfit = Object.entries(results).filter(
      ([, bytes]) =>
        !bytes ||
        Object.getPrototypeOf(bytes) !== Uint8Array.prototype ||
        bytes.buffer.byteLength !== bytes.length,
    );
    expect(unfit).toEqual([]);
  });
});

describe("keys of the other provider", () => {
  const crossings: [string, CryptoProvider, CryptoProvider][] = [
    ["node on web", nodeProvider, webProvider],
    ["web on node", webProvider, nodeProvider],
  ];
  it.each(crossings)("are refused: %s", async (_, from, to) => {
    const foreign = await from.importScalar(scalar);
    const foreignPeer = await from.importPoint(point);
    const own = await to.importScalar(scalar);
    const peer = await to.importPoint(point);
    const attempts = [
      () => to.sign(foreign, text),
      () => to.exportPkcs8(foreign),
      () => to.sharedSecret(foreign, peer),
      () => to.sharedSecret(own, foreignPeer),
      () => to.verify(foreignPeer, text, text),
    ];
    for (const attempt of attempts) {
      await expect(call<unknown>(attempt)).rejects.toThrow(keyInvalid("another crypto provider"));
    }
  });
});

describe("openGcmSync", () => {
  it("is Node's alone", () => {
    expect(webProvider.openGcmSync).toBeUndefined();
    const blob = nodeProvider.sealGcm(key, text, new Uint8Array(12));
    expect(nodeProvider.openGcmSync?.(key, blob instanceof Uint8Array ? blob : key)).toEqual(text);
  });
});

function flipped(bytes: Uint8Array, at: number): Uint8Array<ArrayBuffer> {
  const copy = new Uint8Array(bytes);
  copy[at] = (copy[at] ?? 0) ^ 1;
  return copy;
}
