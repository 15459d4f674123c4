/**
 * Project Wycheproof's vectors on both providers. They are not part of this repository: the folder is taken
 * from `KSMKIT_VECTORS`, else from `shared/vectors` beside the checkout.
 */
import { deepStrictEqual, fail, notDeepStrictEqual, rejects, strictEqual } from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { concatBytes, decodeBase64, decodeHex } from "@ksmkit/common";
import type { CryptoProvider, HmacHash } from "../../src/crypto/provider.ts";
import { providers } from "./providers.ts";

interface Test {
  tcId: number;
  comment: string;
  result: "valid" | "invalid" | "acceptable";
  [name: string]: unknown;
}

interface Group {
  tests: Test[];
  [name: string]: unknown;
}

const root = process.env["KSMKIT_VECTORS"] ?? join(import.meta.dirname, "../../../../../shared/vectors");
const folder = join(root, "wycheproof");

function hex(value: unknown): Uint8Array {
  return new Uint8Array(decodeHex(String(value)) ?? fail(`not hexadecimal: ${String(value)}`));
}

/** Declares one test per provider over all groups of a file that fit, and holds the number of cases. */
function wycheproof(
  file: string,
  count: number,
  fits: (group: Group, test: Test) => boolean,
  check: (crypto: CryptoProvider, group: Group, test: Test) => Promise<void>,
): void {
  const path = join(folder, file);
  const present = existsSync(path);
  const absence = present
    ? ""
    : " (skipped: neither KSMKIT_VECTORS nor shared/vectors beside the checkout has it)";
  describe.skipIf(!present)(`${file}${absence}`, () => {
    it.each(providers)(`holds ${count} cases on %s`, async (_, crypto) => {
      const { testGroups } = JSON.parse(readFileSync(path, "utf8")) as { testGroups: Group[] };
      let checked = 0;
      for (const group of testGroups) {
        for (const test of group.tests) {
          if (!fits(group, test)) continue;
          checked++;
          await check(crypto, group, test).catch((cause: unknown) => {
            throw new Error(`case ${test.tcId}: ${test.comment}`, { cause });
          });
        }
      }
      expect(checked).toBe(count);
    });
  });
}

const everything = () => true;

wycheproof(
  "aes_gcm_test.json",
  48,
  ({ keySize, ivSize, tagSize }, { aad }) =>
    keySize === 256 && ivSize === 96 && tagSize === 128 && aad === "",
  async (crypto, _, test) => {
    const [key, nonce, message] = [hex(test["key"]), hex(test["iv"]), hex(test["msg"])];
    const blob = concatBytes(nonce, hex(test["ct"]), hex(test["tag"]));
    const valid = test.result === "valid";
    deepStrictEqual(await crypto.openGcm(key, blob), valid ? message : null);
    if (valid) deepStrictEqual(await crypto.sealGcm(key, message, nonce), blob);
    else notDeepStrictEqual(await crypto.sealGcm(key, message, nonce), blob);
  },
);

wycheproof(
  "aes_cbc_pkcs5_test.json",
  72,
  ({ keySize }) => keySize === 256,
  async (crypto, _, test) => {
    const [key, iv, message] = [hex(test["key"]), hex(test["iv"]), hex(test["msg"])];
    const blob = concatBytes(iv, hex(test["ct"]));
    const valid = test.result === "valid";
    deepStrictEqual(await crypto.openCbc(key, blob), valid ? message : null);
    if (valid) deepStrictEqual(await crypto.sealCbc(key, message, iv), blob);
  },
);

async function checkEcdh(
  crypto: CryptoProvider,
  point: Uint8Array,
  scalar: Uint8Array,
  { result, shared }: Test,
): Promise<void> {
  const agree = async () => {
    const own = await crypto.importScalar(scalar);
    return crypto.sharedSecret(own, await crypto.importPoint(point));
  };
  // The one acceptable case is a compressed point, which this protocol refuses.
  if (result === "valid") deepStrictEqual(await agree(), hex(shared));
  else await rejects(agree, { code: "ERR_KSM_CRYPTO_KEY_INVALID" });
}

wycheproof("ecdh_secp256r1_ecpoint_test.json", 355, everything, (crypto, _, test) =>
  checkEcdh(crypto, hex(test["public"]), scalarOf(hex(test["private"])), test),
);

wycheproof(
  "ecdh_secp256r1_webcrypto_test.json",
  348,
  (_, test) => jwk(test["public"]).crv === "P-256",
  (crypto, _, test) => {
    const { x, y } = jwk(test["public"]);
    const { d } = jwk(test["private"]);
    return checkEcdh(crypto, concatBytes(Uint8Array.of(4), base64(x), base64(y)), base64(d), test);
  },
);

wycheproof("ecdsa_secp256r1_sha256_test.json", 484, everything, async (crypto, group, test) => {
  const key = await crypto.importPoint(pointOf(group));
  const verified = await crypto.verify(key, hex(test["sig"]), hex(test["msg"]));
  strictEqual(verified, test.result === "valid");
});

// The wire form is DER: what is valid as r ‖ s must not pass.
wycheproof("ecdsa_secp256r1_sha256_p1363_test.json", 262, everything, async (crypto, group, test) => {
  const key = await crypto.importPoint(pointOf(group));
  strictEqual(await crypto.verify(key, hex(test["sig"]), hex(test["msg"])), false);
});

wycheproof("hkdf_sha256_test.json", 86, everything, async (crypto, _, test) => {
  const derive = async () =>
    crypto.hkdf(hex(test["ikm"]), hex(test["salt"]), hex(test["info"]), Number(test["size"]));
  if (test.result === "valid") deepStrictEqual(await derive(), hex(test["okm"]));
  else await rejects(derive, { code: "ERR_KSM_ARGUMENT_INVALID" });
});

const macs: [file: string, hash: HmacHash, count: number][] = [
  ["hmac_sha1_test.json", "SHA-1", 170],
  ["hmac_sha256_test.json", "SHA-256", 174],
  ["hmac_sha512_test.json", "SHA-512", 174],
];
for (const [file, hash, count] of macs) {
  wycheproof(file, count, everything, async (crypto, { tagSize }, test) => {
    const mac = await crypto.hmac(hash, hex(test["key"]), hex(test["msg"]));
    const tag = mac.subarray(0, Number(tagSize) / 8);
    if (test.result === "valid") deepStrictEqual(tag, hex(test["tag"]));
    else notDeepStrictEqual(tag, hex(test["tag"]));
  });
}

function pointOf({ publicKey }: Group): Uint8Array {
  return hex((publicKey as { uncompressed: string }).uncompressed);
}

/** Scalars stand there as signed integers of any length. */
function scalarOf(integer: Uint8Array): Uint8Array {
  const scalar = new Uint8Array(32);
  const digits = integer.length > 32 ? integer.subarray(integer.length - 32) : integer;
  scalar.set(digits, 32 - digits.length);
  return scalar;
}

function jwk(value: unknown): { crv: string; x: string; y: string; d: string } {
  return value as { crv: string; x: string; y: string; d: string };
}

function base64(text: string): Uint8Array {
  return decodeBase64(text) ?? fail(`not base64url: ${text}`);
}
