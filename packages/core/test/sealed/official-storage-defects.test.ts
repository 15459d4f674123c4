/**
 * The defects that the official storages were reported for, by their ids (kms-storage section 15), one test each. Those
 * of one service only are tested in its package: KSM-866 and KSM-870 (Oracle), KSM-945 (Google).
 */
import { chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { utf8Bytes } from "@ksmkit/common";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { KmsError } from "../../src/errors/errors.ts";
import { sealedFileStorage } from "../../src/node/sealed-file-storage.ts";
import {
  inspectBlob,
  sealedStorage,
  type ByteStore,
  type KeyWrapper,
  type SealedStorage,
} from "../../src/sealed/index.ts";
import { sealEnvelope } from "../../src/sealed/envelope.ts";
import { memoryPlace, memoryStore } from "./memory-store.ts";
import { symmetricKey } from "./keys.ts";

const values = { hostname: "h.example", clientId: "c", privateKey: "p", appKey: "a" };

let directory: string;
let path: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "ksmkit-defects-"));
  path = join(directory, "client-config.json");
});
afterEach(() => rm(directory, { recursive: true }));

const open = (wrapper: KeyWrapper = symmetricKey()): SealedStorage => sealedFileStorage({ path, wrapper });
const failing = (call: "wrap" | "unwrap"): KeyWrapper => ({
  ...symmetricKey(),
  [call]: async () => {
    throw new KmsError("ERR_KSM_KMS_ACCESS_DENIED", `${call} denied`, { provider: "test", keyId: "one" });
  },
});
const denied = { code: "ERR_KSM_KMS_ACCESS_DENIED" };

describe("defects of the official storages", () => {
  it.each(["KSM-835", "KSM-836", "KSM-837", "KSM-838"])("%s: keys that exist are there", async () => {
    await open().save(values);
    expect(Object.keys(await open().load())).toEqual(Object.keys(values).toSorted());
  });

  it.each(["KSM-839", "KSM-840", "KSM-841"])("%s: keys with falsy values can be removed", async () => {
    await writeFile(path, JSON.stringify({ ...values, zero: 0, no: false, text: "0" }), { mode: 0o600 });
    const storage = open();
    const { zero, no, text, ...rest } = await storage.load();
    expect([zero, no, text]).toEqual(["0", "false", "0"]);
    await storage.save(rest);
    expect(JSON.parse(await open().decryptConfig())).toEqual(values);
  });

  it.each(["KSM-844", "KSM-846", "KSM-847", "KSM-848"])(
    "%s: failures reach the caller, changeKey's too",
    async () => {
      await expect(open(failing("wrap")).save(values)).rejects.toMatchObject(denied);
      await open().save(values);
      await expect(open(failing("unwrap")).load()).rejects.toMatchObject(denied);
      const storage = open();
      await expect(storage.changeKey(failing("unwrap"))).rejects.toMatchObject(denied);
      expect(await storage.load()).toEqual(values);
    },
  );

  it.each(["KSM-849", "KSM-850", "KSM-851", "KSM-852"])(
    "%s: an empty value is the same for every reader",
    async () => {
      const place = memoryPlace();
      const make = (): SealedStorage => sealedStorage({ store: memoryStore(place), wrapper: symmetricKey() });
      place.bytes = utf8Bytes(JSON.stringify({ ...values, empty: "" }));
      // Empty means absent here, for reading and for the expectation of a save, and it survives in the document.
      const storage = make();
      expect([await storage.load(), "empty" in (await storage.load())]).toEqual([values, false]);
      await storage.save({ ...values, label: "x" }, { expected: values });
      expect(JSON.parse(await make().decryptConfig())).toEqual({ ...values, label: "x", empty: "" });
    },
  );

  it.each(["KSM-867", "KSM-938", "KSM-950"])(
    "%s: a key that cannot be used ends opening; nothing is written",
    async () => {
      const text = JSON.stringify(values);
      await writeFile(path, text, { mode: 0o600 });
      await expect(open(failing("wrap")).load()).rejects.toMatchObject(denied);
      expect(await readFile(path, "utf8")).toBe(text);
      await rm(path);
      await expect(open(failing("wrap")).checkWritable()).rejects.toMatchObject(denied);
      expect(await readdir(directory)).toEqual([]);
    },
  );

  it.each(["KSM-939", "KSM-951", "KSM-961"])(
    "%s: a failed encryption or decryption leaves the file as it is",
    async () => {
      await open().save(values);
      const before = [await readFile(path), (await stat(path)).mtimeMs];
      const fresh = sealedFileStorage({ path, wrapper: failing("wrap"), freshDataKey: true });
      await expect(fresh.save({ ...values, label: "x" })).rejects.toMatchObject(denied);
      await expect(open(failing("unwrap")).save(values)).rejects.toMatchObject(denied);
      expect([await readFile(path), (await stat(path)).mtimeMs]).toEqual(before);
    },
  );

  it.each(["KSM-940", "KSM-952", "KSM-962"])(
    "%s: deleting removes the file first, then what is in memory",
    async () => {
      const storage = open();
      await storage.save(values);
      await storage.deleteAll();
      expect([await readdir(directory), await storage.load()]).toEqual([[], {}]);
      await storage.save(values);
      await chmod(path, 0o400);
      await expect(storage.deleteAll()).rejects.toMatchObject({ code: "ERR_KSM_STORAGE_UNWRITABLE" });
      expect(await storage.load()).toEqual(values);
    },
  );

  it.each(["KSM-941", "KSM-953"])("%s: saving to a read-only file is an error", async () => {
    await open().save(values);
    await chmod(path, 0o444);
    await expect(open().save({ ...values, label: "x" })).rejects.toMatchObject({
      code: "ERR_KSM_STORAGE_UNWRITABLE",
    });
  });

  it("KSM-942: a failed change of the key restores all of the key's state", async () => {
    const storage = open();
    await storage.save(values);
    await expect(storage.changeKey(failing("wrap"))).rejects.toMatchObject(denied);
    await storage.rotate();
    await storage.save({ ...values, label: "x" });
    expect(await open().load()).toEqual({ ...values, label: "x" });
  });

  it.each(["KSM-943", "KSM-954", "KSM-960"])(
    "%s: nonces of 12 bytes are written, of 12 and 16 read",
    async () => {
      await open().save(values);
      expect(inspectBlob(await readFile(path)).nonceLength).toBe(12);
      const bytes = new Uint8Array(32).fill(7);
      const wrapped = await symmetricKey().wrap(bytes, {
        purpose: "data-key",
        signal: AbortSignal.timeout(1000),
      });
      const random = (length: number): Uint8Array<ArrayBuffer> => new Uint8Array(length).fill(9);
      const text = JSON.stringify(values);
      const blob = await sealEnvelope(text, { dataKey: { bytes, wrapped }, random, nonceLength: 16 });
      await writeFile(path, blob);
      expect([inspectBlob(blob).nonceLength, await open().load()]).toEqual([16, values]);
    },
  );

  it.each(["KSM-944", "KSM-955"])(
    "%s: what is handed out is a copy, and removing the last key lasts",
    async () => {
      const storage = open();
      await storage.save(values);
      const handedOut = await storage.load();
      expect(() => Object.assign(handedOut, { hostname: "changed" })).toThrow(TypeError);
      await storage.save({});
      expect([await storage.load(), await open().load(), (await stat(path)).size > 0]).toEqual([
        {},
        {},
        true,
      ]);
    },
  );

  it.each(["KSM-946", "KSM-956", "KSM-959"])("%s: 2 × 200 saves at once lose nothing", async () => {
    const place = memoryPlace();
    const storages = ["a", "b"].map((name) => {
      const storage = sealedStorage({ store: memoryStore(place), wrapper: symmetricKey() });
      const add = async (key: string): Promise<void> => {
        for (;;) {
          const expected = await storage.load();
          try {
            return await storage.save({ ...expected, [key]: "x" }, { expected });
          } catch (error) {
            expect(error).toMatchObject({ code: "ERR_KSM_STORAGE_CONFLICT" });
          }
        }
      };
      return async () => {
        for (let i = 0; i < 200; i++) await add(`${name}${i}`);
      };
    });
    await Promise.all(storages.map((work) => work()));
    expect(
      Object.keys(await sealedStorage({ store: memoryStore(place), wrapper: symmetricKey() }).load()),
    ).toHaveLength(400);
  });

  it.each(["KSM-948", "KSM-957", "KSM-965"])(
    "%s: a file of {} opens, and a later save seals it",
    async () => {
      await writeFile(path, "{}", { mode: 0o600 });
      const storage = open();
      expect(await storage.load()).toEqual({});
      await storage.save(values);
      expect([inspectBlob(await readFile(path)).layout, await open().load()]).toEqual(["standard", values]);
    },
  );

  it("KSM-963: after a failed save, memory is what the disk is", async () => {
    const place = memoryPlace();
    const store = memoryStore(place);
    let full = false;
    const storage = sealedStorage({
      store: {
        ...store,
        write: (...args) => (full ? Promise.reject(new Error("ENOSPC")) : store.write(...args)),
      },
      wrapper: symmetricKey(),
    });
    await storage.save(values);
    full = true;
    await expect(storage.save({ ...values, hostname: "new.example" })).rejects.toMatchObject({
      code: "ERR_KSM_STORAGE_UNWRITABLE",
    });
    expect(await storage.load()).toEqual(values);
  });

  it("KSM-964: decryptConfig writes only when asked to", async () => {
    await open().save(values);
    const before = await readFile(path);
    expect(JSON.parse(await open().decryptConfig())).toEqual(values);
    expect(await readFile(path)).toEqual(before);
  });

  it.each(["KSM-966", "KSM-967", "KSM-977"])(
    "%s: a secret store's failures name the secret; token-only content opens",
    async () => {
      const unreadable: ByteStore = {
        description: "secret ksm/device",
        read: async () => Promise.reject(new Error("AccessDenied")),
      };
      await expect(
        sealedStorage({ store: unreadable, wrapper: symmetricKey() }).load(),
      ).rejects.toMatchObject({ message: expect.stringContaining("ksm/device") });
      const opens = async (text: string): Promise<object> =>
        sealedStorage({ store: memoryStore(memoryPlace(utf8Bytes(text))), wrapper: symmetricKey() }).load();
      expect([await opens("{}"), await opens('{"clientKey":"token"}')]).toEqual([{}, { clientKey: "token" }]);
    },
  );

  it.each(["KSM-972", "KSM-978"])(
    "%s: what is no blob, or opens to nothing, is told in our words",
    async () => {
      await writeFile(path, "not a blob", { mode: 0o600 });
      await expect(open().load()).rejects.toMatchObject({ code: "ERR_KSM_SEALED_NOT_A_CONFIG" });
      const bytes = new Uint8Array(32).fill(7);
      const wrapped = await symmetricKey().wrap(bytes, {
        purpose: "data-key",
        signal: AbortSignal.timeout(1000),
      });
      const random = (length: number): Uint8Array<ArrayBuffer> => new Uint8Array(length);
      await writeFile(path, await sealEnvelope("", { dataKey: { bytes, wrapped }, random }));
      await expect(open().load()).rejects.toMatchObject({
        code: "ERR_KSM_SEALED_BAD_CONTENT",
        message: expect.not.stringContaining("JSON at position"),
      });
    },
  );

  it("KSM-979: neither a failed encryption nor a failed write leaves a stub or loses the old bytes", async () => {
    await expect(open(failing("wrap")).save(values)).rejects.toMatchObject(denied);
    expect(await readdir(directory)).toEqual([]);
    await open().save(values);
    const before = await readFile(path);
    await chmod(path, 0o400);
    await expect(open().save({ ...values, label: "x" })).rejects.toMatchObject({ name: "StorageError" });
    expect([await readFile(path), await readdir(directory)]).toEqual([before, ["client-config.json"]]);
  });
});
