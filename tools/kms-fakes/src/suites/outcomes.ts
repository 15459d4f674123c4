/** The event table of kms-storage.md, sections 9 and 11.9: whatever the service does, one code and nothing lost. */
import { readFile, writeFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { bound, codeOf, initialized, withCloud, type CloudSuiteOptions, type FaultKind } from "./fixture.ts";

/** Codes that differ between services, because some report less than others. */
export interface OutcomeOptions extends CloudSuiteOptions {
  /** When the key does not exist. Default: `ERR_KSM_KMS_KEY_NOT_FOUND`. */
  missing?: string;
  /** When the service's answer to an unwrap was damaged on its way. Without a checksum only the content tells. */
  damagedAnswer: "ERR_KSM_KMS_BAD_RESPONSE" | "ERR_KSM_SEALED_AUTH_FAILED";
}

const codes: Readonly<Record<Exclude<FaultKind, "corrupt">, string>> = {
  deny: "ERR_KSM_KMS_ACCESS_DENIED",
  throttle: "ERR_KSM_KMS_THROTTLED",
  unavailable: "ERR_KSM_KMS_UNAVAILABLE",
  hang: "ERR_KSM_KMS_TIMEOUT",
};

/** Declares the suite. */
export function describeOutcomes(options: OutcomeOptions): void {
  const { create, name, missing = "ERR_KSM_KMS_KEY_NOT_FOUND" } = options;
  const quick = { kmsTimeoutMs: 2000 };
  const timeoutOf = (kind: FaultKind): number => (kind === "hang" ? 60 : 5000);

  describe(`what happens when the key service fails: ${name}`, () => {
    for (const [kind, code] of Object.entries(codes) as [Exclude<FaultKind, "corrupt">, string][]) {
      it(`first save, encrypting: ${kind} is ${code} and leaves nothing behind`, () =>
        withCloud(create, async (cloud, { path, names }) => {
          cloud.fail("wrap", kind);
          const storage = cloud.storage(path, { kmsTimeoutMs: timeoutOf(kind) });
          expect(await codeOf(storage.save(initialized))).toBe(code);
          expect(await names()).toEqual([]);
          expect(await storage.load()).toEqual({});
        }));

      it(`first save, decrypting: ${kind} is ${code} before a token would be spent`, () =>
        withCloud(create, async (cloud, { path, names }) => {
          cloud.fail("unwrap", kind);
          const storage = cloud.storage(path, { kmsTimeoutMs: timeoutOf(kind) });
          expect(await codeOf(storage.checkWritable())).toBe(code);
          expect(await names()).toEqual([]);
        }));

      it(`opening: ${kind} is ${code}, the file stays, and later it opens`, () =>
        withCloud(create, async (cloud, { path, content }) => {
          await cloud.storage(path, quick).save(bound);
          const before = await content();
          cloud.fail("unwrap", kind);
          const storage = cloud.storage(path, { kmsTimeoutMs: timeoutOf(kind) });
          expect(await codeOf(storage.load())).toBe(code);
          expect(await codeOf(storage.save(initialized))).toBe(code);
          expect(await content()).toBe(before);
          cloud.heal();
          expect(await cloud.storage(path, quick).load()).toEqual(bound);
        }));
    }

    it("a damaged answer to the first encryption is found out before anything is written", () =>
      withCloud(create, async (cloud, { path, names }) => {
        cloud.fail("wrap", "corrupt");
        const code = await codeOf(cloud.storage(path, quick).save(initialized));
        expect(["ERR_KSM_KMS_BAD_RESPONSE", "ERR_KSM_KMS_UNWRAP_FAILED"]).toContain(code);
        expect(await names()).toEqual([]);
      }));

    it(`a damaged answer to a decryption is ${options.damagedAnswer}`, () =>
      withCloud(create, async (cloud, { path, content }) => {
        await cloud.storage(path, quick).save(bound);
        const before = await content();
        cloud.fail("unwrap", "corrupt");
        expect(await codeOf(cloud.storage(path, quick).load())).toBe(options.damagedAnswer);
        expect(await content()).toBe(before);
      }));

    it("a key out of use is ERR_KSM_KMS_KEY_DISABLED, for a new and for an existing configuration", () =>
      withCloud(create, async (cloud, { path, content, names }) => {
        await cloud.storage(path, quick).save(bound);
        const before = await content();
        cloud.disable();
        expect(await codeOf(cloud.storage(path, quick).load())).toBe("ERR_KSM_KMS_KEY_DISABLED");
        expect(await content()).toBe(before);
        expect(await codeOf(cloud.storage(`${path}-2`, quick).save(bound))).toBe("ERR_KSM_KMS_KEY_DISABLED");
        expect(await names()).toEqual(["client-config.bin"]);
      }));

    it(`a key that is not there is ${missing}, and the configuration stays with its old key`, () =>
      withCloud(create, async (cloud, { path, content }) => {
        const storage = cloud.storage(path, quick);
        await storage.save(bound);
        const before = await content();
        expect(await codeOf(storage.changeKey(cloud.missingKey()))).toBe(missing);
        expect(await content()).toBe(before);
        await storage.save(initialized);
        expect(await cloud.storage(path, quick).load()).toEqual(initialized);
      }));

    it("a wrapped key of another key is ERR_KSM_KMS_UNWRAP_FAILED", () =>
      withCloud(create, async (cloud, { path, content }) => {
        const storage = cloud.storage(path, quick);
        await storage.save(bound);
        await storage.changeKey(cloud.otherKey());
        const before = await content();
        expect(await codeOf(cloud.storage(path, quick).load())).toBe("ERR_KSM_KMS_UNWRAP_FAILED");
        expect(await content()).toBe(before);
      }));

    it("a bit changed anywhere in the file is an error, and the file stays", () =>
      withCloud(create, async (cloud, { path, content }) => {
        await cloud.storage(path, quick).save(bound);
        const whole = await readFile(path);
        // Headers, wrapped key, nonce, tag, and the first and last byte of the content.
        const wrappedLength = whole.readUInt16BE(2);
        for (const at of [
          0,
          3,
          4,
          4 + wrappedLength - 1,
          6 + wrappedLength,
          22 + wrappedLength,
          whole.length - 1,
        ]) {
          const damaged = Buffer.from(whole);
          damaged[at] = (damaged[at] ?? 0) ^ 1;
          await writeFile(path, damaged);
          const code = await codeOf(cloud.storage(path, quick).load());
          expect(code, `byte ${at}`).toMatch(/^ERR_KSM_(?:SEALED|KMS_UNWRAP_FAILED)/);
          expect(await content()).toBe(damaged.toString("base64"));
        }
      }));
  });

  describe(`what it costs: ${name}`, () => {
    it("binding takes two calls to the key service, opening one, saving none", () =>
      withCloud(create, async (cloud, { path }) => {
        const storage = cloud.storage(path, quick);
        await storage.load();
        await storage.save(initialized, { expected: {} });
        await storage.checkWritable();
        await storage.save(bound, { expected: initialized });
        expect([cloud.calls(), cloud.calls("wrap"), cloud.calls("unwrap")]).toEqual([2, 1, 1]);
        const again = cloud.storage(path, quick);
        expect(await again.load()).toEqual(bound);
        await again.save({ ...bound, serverPublicKeyId: "8" });
        expect(cloud.calls()).toBe(3);
      }));
  });

  describe(`another key: ${name}`, () => {
    it("changeKey, rotate and decryptConfig work on the same file", () =>
      withCloud(create, async (cloud, { path, content }) => {
        const storage = cloud.storage(path, quick);
        await storage.save(bound);
        const first = await content();
        await storage.rotate();
        const second = await content();
        expect(second).not.toBe(first);
        expect(await cloud.storage(path, quick).load()).toEqual(bound);
        await storage.changeKey(cloud.otherKey());
        expect(await content()).not.toBe(second);
        expect(await storage.load()).toEqual(bound);
        expect(JSON.parse(await storage.decryptConfig())).toEqual(bound);
        expect(await storage.inspect()).toMatchObject({ layout: "standard" });
        await storage.close();
      }));
  });
}
