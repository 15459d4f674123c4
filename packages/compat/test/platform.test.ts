/** The platform: its members as the official ones, and everything that runs over it when it is replaced. */
import { createHash } from "node:crypto";
import type { Vault } from "@ksmkit/emulator";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import {
  connectPlatform,
  generatePassword,
  generateTransmissionKey,
  getSecrets,
  inMemoryStorage,
  platform,
  setCustomProxyAgent,
  type Platform,
} from "../src/index.ts";
import * as live from "../src/index.ts";
import { outcome } from "./support/outcome.ts";
import { newDevice, sdks, startLocalVault, vaultQuery, type Sdk } from "./support/sdks.ts";

const original = platform;
const members = { ...platform };
let vault: Vault;

beforeAll(async () => {
  vault = await startLocalVault();
});
afterEach(() => {
  connectPlatform(original);
  Object.assign(original, members);
  original.cleanKeyCache();
});
afterAll(() => vault.close());

async function same(call: (sdk: Sdk) => unknown, what?: string): Promise<void> {
  const got = await outcome(() => call(sdks.ours));
  expect(got, what).toStrictEqual(await outcome(() => call(sdks.official)));
}

const key = new Uint8Array(32).fill(5);
const bytes = (...values: number[]): Uint8Array => new Uint8Array(values);

describe("members", () => {
  it("encode alike", async () => {
    for (const text of ["", "AQID", "a-_b", "AQ", "AQ==", "!!", "é", null, undefined]) {
      await same(({ platform }) => platform.base64ToBytes(text as string), String(text));
    }
    for (const data of [bytes(), bytes(255, 254), bytes(1, 2, 3, 4).subarray(1, 2)]) {
      await same(({ platform }) => [platform.bytesToBase64(data), platform.bytesToString(data)]);
    }
    await same(({ platform }) => platform.stringToBytes("ü 🔐"));
    await same(({ platform }) => platform.getRandomBytes(12).length);
  });

  it("hash alike", async () => {
    await same(({ platform }) => platform.hash(key, "whatever"));
    for (const algorithm of ["SHA1", "sha256", "SHA512", "MD5", "SHA-1"]) {
      await same(({ platform }) => platform.getHmacDigest(algorithm, bytes(1), bytes(2)), algorithm);
    }
  });

  it("seal and open each other's", async () => {
    for (const cbc of [false, true]) {
      for (const [from, to] of [
        [sdks.ours, sdks.official],
        [sdks.official, sdks.ours],
      ] as const) {
        const sealed = await from.platform.encryptWithKey(bytes(1, 2, 3), key, cbc);
        expect(await to.platform.decryptWithKey(sealed, key, cbc)).toStrictEqual(Buffer.from([1, 2, 3]));
      }
    }
    await same(({ platform }) => platform.decryptWithKey(new Uint8Array(40), key));
    await same(({ platform }) => platform.encryptWithKey(bytes(1), bytes(1)));
    await same(async ({ platform }) => {
      const point = bytes(
        ...Buffer.from(
          "BNYIh_Sv03nRZUUJveE8d2mxKLIDXv654UbshaItHrCJhd6cT7pdZ_XwbdyxAOCWMkBb9AZ4t1XRCsM8-wkEBRg",
          "base64url",
        ),
      );
      return (await platform.publicEncrypt(key, point)).length;
    });
  });

  it("keep keys under names, in a storage and without", async () => {
    await same(async ({ platform, inMemoryStorage }) => {
      const object: Record<string, string> = {};
      const storage = inMemoryStorage(object);
      platform.cleanKeyCache();
      const steps: unknown[] = [platform.hasKeysCached()];
      await platform.importKey("loose", key);
      await platform.importKey("stored", key, storage);
      steps.push(platform.hasKeysCached(), object["stored"]);
      const wrapped = await platform.encrypt(new Uint8Array(32).fill(9), "loose");
      await platform.unwrap(wrapped, "both", "loose", storage);
      await platform.unwrap(wrapped, "memory", "loose", storage, true);
      steps.push({ ...object });
      for (const id of ["loose", "stored", "both", "memory"]) {
        const sealed = await platform.encrypt(bytes(7), id, storage);
        steps.push(await platform.decrypt(sealed, id, storage));
      }
      const cbc = await platform.encrypt(new Uint8Array(32).fill(3), "loose", storage, true);
      await platform.unwrap(cbc, "cbc", "loose", undefined, undefined, true);
      steps.push((await platform.encrypt(bytes(1), "cbc")).length);
      platform.cleanKeyCache();
      for (const id of ["loose", "memory", "nobody"])
        steps.push(await outcome(() => platform.encrypt(bytes(1), id)));
      steps.push((await platform.encrypt(bytes(1), "stored", storage)).length);
      return steps;
    });
  });

  it("make device keys, sign with them and export them", async () => {
    for (const [maker, user] of [
      [sdks.ours, sdks.official],
      [sdks.official, sdks.ours],
    ] as const) {
      const object: Record<string, string> = {};
      await maker.platform.generatePrivateKey("privateKey", maker.inMemoryStorage(object));
      expect(Buffer.from(object["privateKey"] ?? "", "base64")).toHaveLength(138);
      const [first, second] = await Promise.all(
        [maker, user].map((sdk) => sdk.platform.exportPublicKey("privateKey", sdk.inMemoryStorage(object))),
      );
      expect(second).toStrictEqual(first);
      const signature = await user.platform.sign(bytes(1), "privateKey", user.inMemoryStorage(object));
      expect(signature[0]).toBe(0x30);
    }
    // The official package remembers the keys above for every storage.
    sdks.official.platform.cleanKeyCache();
    await same(({ platform, inMemoryStorage }) => platform.sign(bytes(1), "privateKey", inMemoryStorage({})));
    await same(({ platform, inMemoryStorage }) =>
      platform.exportPublicKey("privateKey", inMemoryStorage({})),
    );
  });

  it("draw characters and numbers in range", async () => {
    const drawn = await Promise.all(Array.from({ length: 200 }, () => platform.getRandomNumber(3)));
    expect(new Set(drawn)).toEqual(new Set([0, 1, 2]));
    expect("ab").toContain(await platform.getRandomCharacterInCharset("ab"));
  });
});

describe("a replaced member", () => {
  it("is what key material is made from", async () => {
    platform.getRandomBytes = (length) => new Uint8Array(length).fill(1);
    const { key: made } = await generateTransmissionKey(inMemoryStorage({}));
    expect(made).toEqual(new Uint8Array(32).fill(1));
    platform.getRandomNumber = async () => 0;
    platform.getRandomCharacterInCharset = async (charset) => charset[0] ?? "";
    expect(await generatePassword(8, -8, 0, 0, 0)).toBe("aaaaaaaa");
  });

  it("carries requests", async () => {
    const device = await newDevice(sdks.ours, vault, 0);
    delete device.queryFunction;
    const urls: string[] = [];
    const query = vaultQuery(vault);
    platform.post = async (url, payload, headers = {}, allowUnverifiedCertificate) => {
      urls.push(url, String(allowUnverifiedCertificate));
      const authorization = headers["Authorization"]?.replace("Signature ", "") ?? "";
      return query(
        url,
        {
          publicKeyId: Number(headers["PublicKeyId"]),
          key,
          encryptedKey: Buffer.from(headers["TransmissionKey"] ?? "", "base64"),
        },
        { payload, signature: Buffer.from(authorization, "base64") },
      );
    };
    const { records } = await getSecrets({ ...device, allowUnverifiedCertificate: true });
    expect(records.length).toBeGreaterThan(5);
    expect(urls).toEqual(
      Array.from({ length: 2 }, () => ["https://localhost/api/rest/sm/v1/get_secret", "true"]).flat(),
    );
  });

  it("opens and seals everything", async () => {
    const device = await newDevice(sdks.ours, vault, 1);
    const seals = vi.fn<Platform["encryptWithKey"]>(members.encryptWithKey);
    const opens = vi.fn<Platform["decryptWithKey"]>(members.decryptWithKey);
    const signs = vi.fn<Platform["sign"]>(members.sign);
    Object.assign(platform, { encryptWithKey: seals, decryptWithKey: opens, sign: signs });
    const { records } = await getSecrets(device);
    expect(records.length).toBeGreaterThan(5);
    expect(opens.mock.calls.length).toBeGreaterThan(2 * records.length);
    expect(seals).toHaveBeenCalledTimes(2);
    expect(signs).toHaveBeenCalledWith(expect.anything(), "privateKey", device.storage);
  });
});

describe("a connected platform", () => {
  it("takes the place of the other for everybody", async () => {
    const mine: Platform = {
      ...members,
      bytesToBase64: (data) => createHash("sha256").update(data).digest("base64"),
    };
    connectPlatform(mine);
    expect(live.platform).toBe(mine);
    const agents: unknown[] = [];
    mine.setCustomProxyAgent = (agent) => agents.push(agent);
    setCustomProxyAgent("agent");
    expect(agents).toEqual(["agent"]);
    connectPlatform(original);
    expect(live.platform).toBe(original);
  });
});
