/** The bug ids of the official storages (kms-storage section 15): none of them comes back, in any package. */
import { chmod, readFile, stat, writeFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import {
  bound,
  codeOf,
  initialized,
  memoryStore,
  withCloud,
  type CloudFixture,
  type CloudSuiteOptions,
  type TestPlace,
} from "./fixture.ts";

/** Offset of the nonce's length in the standard layout. */
const nonceLengthAt = (file: Buffer): number => 4 + file.readUInt16BE(2);

const officialJson = (values: object): string => JSON.stringify(values, null, 4);

/** Declares the suite. */
export function describeRegressions({ name, create }: CloudSuiteOptions): void {
  const test = (
    id: string,
    what: string,
    body: (cloud: CloudFixture, place: TestPlace) => Promise<void>,
  ): void => {
    it(`${id}: ${what}`, () => withCloud(create, body));
  };

  describe(`bugs of the official storages: ${name}`, () => {
    test("KSM-835 to KSM-838", "keys that were saved are there", async (cloud, { path }) => {
      await cloud.storage(path).save(bound);
      const found = await cloud.storage(path).load();
      for (const key of Object.keys(bound)) expect(Object.hasOwn(found, key), key).toBe(true);
      expect("toString" in { ...found } && Object.hasOwn(found, "toString")).toBe(false);
    });

    test("KSM-839 to KSM-841", "a key goes whatever its value is", async (cloud, { path }) => {
      await writeFile(path, officialJson({ ...bound, zero: "0", no: "false", nought: 0, off: false }));
      const storage = cloud.storage(path);
      await storage.load();
      await storage.save(bound);
      expect(JSON.parse(await cloud.storage(path).decryptConfig())).toEqual(bound);
    });

    test(
      "KSM-844, KSM-846",
      "errors of encryption and decryption reach the caller",
      async (cloud, { path }) => {
        await cloud.storage(path).save(bound);
        cloud.fail("unwrap", "deny");
        expect(await codeOf(cloud.storage(path).load())).toBe("ERR_KSM_KMS_ACCESS_DENIED");
        cloud.heal();
        cloud.fail("wrap", "deny");
        expect(await codeOf(cloud.storage(path).rotate())).toBe("ERR_KSM_KMS_ACCESS_DENIED");
      },
    );

    test("KSM-847, KSM-848", "changeKey that cannot save goes back", async (cloud, { path, content }) => {
      const storage = cloud.storage(path);
      await storage.save(bound);
      const before = await content();
      await chmod(path, 0o400);
      expect(await codeOf(storage.changeKey(cloud.otherKey()))).toBe("ERR_KSM_STORAGE_UNWRITABLE");
      await chmod(path, 0o600);
      expect(await content()).toBe(before);
      await storage.save(initialized);
      expect(await cloud.storage(path).load()).toEqual(initialized);
    });

    test("KSM-849 to KSM-852", "an empty value is absent, whoever asks", async (cloud, { path }) => {
      await writeFile(path, officialJson({ ...bound, appOwnerPublicKey: "" }));
      const storage = cloud.storage(path);
      expect(await storage.load()).toEqual(bound);
      await storage.save(bound, { expected: bound });
      expect(await cloud.storage(path).load()).toEqual(bound);
    });

    test(
      "KSM-867, KSM-938, KSM-950",
      "a key that cannot be asked ends opening, the file stays",
      async (cloud, place) => {
        const plaintext = officialJson(bound);
        await writeFile(place.path, plaintext);
        cloud.fail("wrap", "deny");
        expect(await codeOf(cloud.storage(place.path).load())).toBe("ERR_KSM_KMS_ACCESS_DENIED");
        expect(await readFile(place.path, "utf8")).toBe(plaintext);
        expect(await place.names()).toEqual(["client-config.bin"]);
      },
    );

    test(
      "KSM-939, KSM-951, KSM-961",
      "a failed save leaves the file's bytes",
      async (cloud, { path, content }) => {
        await cloud.storage(path).save(bound);
        const before = await content();
        cloud.fail("wrap", "unavailable");
        const storage = cloud.storage(path, { freshDataKey: true });
        expect(await codeOf(storage.save(initialized))).toBe("ERR_KSM_KMS_UNAVAILABLE");
        expect(await content()).toBe(before);
      },
    );

    test(
      "KSM-940, KSM-952, KSM-962",
      "deleteAll removes the file, then the memory",
      async (cloud, { path, names }) => {
        const storage = cloud.storage(path);
        await storage.save(bound);
        await storage.save(initialized);
        await storage.deleteAll();
        expect(await names()).toEqual([]);
        expect(await storage.load()).toEqual({});
      },
    );

    test("KSM-941, KSM-953", "a save to a read-only file is an error", async (cloud, { path, content }) => {
      const storage = cloud.storage(path);
      await storage.save(bound);
      const before = await content();
      await chmod(path, 0o400);
      expect(await codeOf(storage.save(initialized))).toBe("ERR_KSM_STORAGE_UNWRITABLE");
      expect(await content()).toBe(before);
      expect(await storage.load()).toEqual(bound);
    });

    test("KSM-942", "after a failed changeKey everything is as before", async (cloud, { path, content }) => {
      const storage = cloud.storage(path);
      await storage.save(bound);
      const before = await content();
      expect(await codeOf(storage.changeKey(cloud.missingKey()))).toMatch(/^ERR_KSM_KMS_/);
      expect(await content()).toBe(before);
      await storage.rotate();
      expect(await cloud.storage(path).load()).toEqual(bound);
    });

    test("KSM-943, KSM-954, KSM-960", "nonces have 12 bytes, and differ", async (cloud, { path }) => {
      const storage = cloud.storage(path);
      const nonces = new Set<string>();
      for (const values of [bound, initialized, bound]) {
        await storage.save(values);
        const file = await readFile(path);
        const at = nonceLengthAt(file);
        expect(file.readUInt16BE(at)).toBe(12);
        nonces.add(file.subarray(at + 2, at + 14).toString("hex"));
      }
      expect(nonces.size).toBe(3);
    });

    test(
      "KSM-944, KSM-955",
      "what is handed out is a copy; the last key can go; reading writes nothing",
      async (cloud, place) => {
        const storage = cloud.storage(place.path);
        await storage.save(bound);
        const handedOut: Record<string, string> = await storage.load();
        Reflect.set(handedOut, "hostname", "changed");
        expect(await storage.load()).toEqual(bound);
        const before = await place.content();
        expect(JSON.parse(await storage.decryptConfig())).toEqual(bound);
        expect(await place.content()).toBe(before);
        await storage.save({});
        expect(await cloud.storage(place.path).load()).toEqual({});
      },
    );

    test("KSM-946, KSM-956, KSM-959", "2 × 200 changes at once lose nothing", async (cloud, { path }) => {
      const store = memoryStore();
      const storage = cloud.storage(path, { store });
      const writer = async (name: string): Promise<void> => {
        for (let i = 0; i < 200; i++) await add(`${name}${i}`);
      };
      const add = async (key: string): Promise<void> => {
        for (;;) {
          const expected = await storage.load();
          const code = await codeOf(storage.save({ ...expected, [key]: "x" }, { expected }));
          if (code === "none") return;
          expect(code).toBe("ERR_KSM_STORAGE_CONFLICT");
        }
      };
      await Promise.all([writer("a"), writer("b")]);
      expect(Object.keys(await cloud.storage(path, { store }).load())).toHaveLength(400);
    });

    test(
      "KSM-948, KSM-957, KSM-965",
      "a file of {} opens, and a later save works",
      async (cloud, { path }) => {
        await writeFile(path, "{}");
        const storage = cloud.storage(path);
        expect(await storage.load()).toEqual({});
        await storage.save(bound);
        expect(await cloud.storage(path).load()).toEqual(bound);
      },
    );

    test("KSM-963", "memory is what the disk is after a failed save", async (cloud, { path }) => {
      const storage = cloud.storage(path, { freshDataKey: true });
      await storage.save(bound);
      cloud.fail("wrap", "deny");
      expect(await codeOf(storage.save(initialized))).toBe("ERR_KSM_KMS_ACCESS_DENIED");
      cloud.heal();
      expect(await storage.load()).toEqual(bound);
      expect(await cloud.storage(path).load()).toEqual(bound);
    });

    test(
      "KSM-964",
      "decryptConfig leaves the file as it is unless told to save",
      async (cloud, { path, content }) => {
        const storage = cloud.storage(path);
        await storage.save(bound);
        const before = await content();
        await storage.decryptConfig();
        expect(await content()).toBe(before);
        await storage.decryptConfig({ save: true });
        expect(JSON.parse(await readFile(path, "utf8"))).toEqual(bound);
        expect((await stat(path)).mode & 0o777).toBe(0o600);
      },
    );

    test("KSM-972, KSM-978", "what is no configuration is called that", async (cloud, { path, content }) => {
      for (const bytes of [
        Buffer.from("DEADBEEFCAFE", "hex"),
        Buffer.from("hello world"),
        Buffer.from('{"host'),
      ]) {
        await writeFile(path, bytes);
        expect(await codeOf(cloud.storage(path).load())).toBe("ERR_KSM_SEALED_NOT_A_CONFIG");
        expect(await content()).toBe(bytes.toString("base64"));
      }
      expect(cloud.calls()).toBe(0);
    });

    test(
      "KSM-979",
      "a failed first encryption leaves no stub; a failed write keeps the old bytes",
      async (cloud, place) => {
        cloud.fail("wrap", "unavailable");
        expect(await codeOf(cloud.storage(place.path).save(bound))).toBe("ERR_KSM_KMS_UNAVAILABLE");
        expect(await place.names()).toEqual([]);
        cloud.heal();
        const storage = cloud.storage(place.path);
        await storage.save(bound);
        const before = await place.content();
        await chmod(place.path, 0o400);
        expect(await codeOf(storage.save(initialized))).toBe("ERR_KSM_STORAGE_UNWRITABLE");
        expect(await place.content()).toBe(before);
      },
    );
  });
}
