import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { openEcies, sealEcies } from "../../src/crypto/ecies.ts";
import { importPrivateKey } from "../../src/crypto/private-key.ts";
import type { CryptoProvider, HmacHash } from "../../src/crypto/provider.ts";
import { nodeProvider, webProvider } from "./providers.ts";

const directions: [string, CryptoProvider, CryptoProvider][] = [
  ["node to web", nodeProvider, webProvider],
  ["web to node", webProvider, nodeProvider],
];
const key = fc.uint8Array({ minLength: 32, maxLength: 32 });
const bytes = fc.uint8Array({ maxLength: 2000 });
const runs = { numRuns: 50 };

describe.each(directions)("%s", (_, from, to) => {
  it("opens what was sealed with GCM and with CBC", async () => {
    await fc.assert(
      fc.asyncProperty(key, bytes, async (k, plaintext) => {
        expect(await to.openGcm(k, await from.sealGcm(k, plaintext))).toEqual(new Uint8Array(plaintext));
        expect(await to.openCbc(k, await from.sealCbc(k, plaintext))).toEqual(new Uint8Array(plaintext));
      }),
      runs,
    );
  });

  it("verifies what was signed, in whatever parts, and nothing else", async () => {
    await fc.assert(
      fc.asyncProperty(bytes, bytes, fc.nat(70), async (first, second, at) => {
        const own = await from.generateKeyPair();
        const peer = await to.importPoint(own.publicPoint);
        const signature = await from.sign(own, first, second);
        const joined = new Uint8Array([...first, ...second]);
        expect(await to.verify(peer, signature, joined)).toBe(true);
        const spoilt = signature.slice();
        spoilt[at % spoilt.length] = (spoilt[at % spoilt.length] ?? 0) ^ 4;
        expect(await to.verify(peer, spoilt, joined)).toBe(false);
        expect(await to.verify(peer, signature, joined, Uint8Array.of(0))).toBe(false);
      }),
      runs,
    );
  });

  it("agrees on keys, shared secrets and ECIES", async () => {
    await fc.assert(
      fc.asyncProperty(bytes, async (plaintext) => {
        const [a, b] = [await from.generateKeyPair(), await to.generateKeyPair()];
        const [aPoint, bPoint] = [await to.importPoint(a.publicPoint), await from.importPoint(b.publicPoint)];
        expect(await from.sharedSecret(a, bPoint)).toEqual(await to.sharedSecret(b, aPoint));
        const moved = await importPrivateKey(await from.exportPkcs8(a), to);
        expect(moved.publicPoint).toEqual(a.publicPoint);
        const blob = await sealEcies(bPoint, plaintext, { crypto: from });
        expect(await openEcies(b, blob, { crypto: to })).toEqual(new Uint8Array(plaintext));
      }),
      runs,
    );
  });
});

describe("node and web", () => {
  it("hash alike", async () => {
    const hash = fc.constantFrom<HmacHash>("SHA-1", "SHA-256", "SHA-512");
    await fc.assert(
      fc.asyncProperty(
        bytes,
        bytes,
        fc.uint8Array({ maxLength: 100 }),
        hash,
        async (k, message, info, name) => {
          expect(await nodeProvider.sha256(message)).toEqual(await webProvider.sha256(message));
          expect(await nodeProvider.hmac(name, k, message)).toEqual(await webProvider.hmac(name, k, message));
          expect(await nodeProvider.hkdf(k, message, info, 42)).toEqual(
            await webProvider.hkdf(k, message, info, 42),
          );
        },
      ),
      runs,
    );
  });
});
