/** Sealed files: forged configurations in the clear, removal, and options that cannot work. */
import type * as FileSystem from "node:fs/promises";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { sealedFileStorage, type SealedFileStorageOptions } from "../../src/node/sealed-file-storage.ts";
import { inspectBlob, type SealedStorage, type SealedWarning } from "../../src/sealed/index.ts";
import { symmetricKey } from "./keys.ts";
import { memoryPlace, memoryStore } from "./memory-store.ts";

/** Fails the removal of this file as a mount point does. */
let mounted = "";
vi.mock("node:fs/promises", async (importOriginal) => {
  const original = await importOriginal<typeof FileSystem>();
  const unlink = async (path: string): Promise<void> => {
    if (path === mounted) throw Object.assign(new Error("busy"), { code: "EBUSY" });
    await original.unlink(path);
  };
  return { ...original, unlink };
});

const values = { hostname: "h.example", clientId: "1" };
const next = { hostname: "h.example", clientId: "2" };
const forged = { hostname: "evil.example", clientId: "3" };

let directory: string;
let path: string;
let warnings: SealedWarning[];
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "ksmkit-sealed-review-"));
  path = join(directory, "config.bin");
  warnings = [];
  mounted = "";
});
afterEach(() => rm(directory, { recursive: true }));

function open(options: Partial<SealedFileStorageOptions> = {}): SealedStorage {
  const onWarning = (warning: SealedWarning): void => void warnings.push(warning);
  return sealedFileStorage({ path, wrapper: symmetricKey(), sleep: async () => {}, onWarning, ...options });
}

const put = (content: string | Uint8Array): Promise<void> => writeFile(path, content, { mode: 0o600 });
const kinds = (): string[] => warnings.map(({ kind }) => kind);
const refused = { name: "SealedError", code: "ERR_KSM_SEALED_PLAINTEXT_REFUSED" };
const invalid = expect.objectContaining({ name: "ArgumentError", code: "ERR_KSM_ARGUMENT_INVALID" });

/** A storage that has saved twice, so that a sealed generation lies beside its file. */
async function saved(options: Partial<SealedFileStorageOptions> = {}): Promise<SealedStorage> {
  const storage = open(options);
  await storage.save(values);
  await storage.save(next);
  return storage;
}

describe("what takes the place of a longer file", () => {
  it("is filled up to its length, so that one write replaces it", async () => {
    const storage = open();
    await storage.save({ ...values, note: "x".repeat(500) });
    const { length } = await readFile(path);
    await storage.save(values);
    expect((await readFile(path)).length).toBe(length);
    expect(await open().load()).toEqual(values);
  });

  it("is not filled up where that would be more than the layout holds", async () => {
    const large = { ...values, note: "x".repeat(60_000) };
    await put(Buffer.from(JSON.stringify(large)).toString("base64"));
    const storage = open();
    expect(await storage.load()).toEqual(large);
    await storage.save(next);
    expect(await open().load()).toEqual(next);
  });
});

describe("a configuration in the clear in the place of a sealed one", () => {
  it.each(["migrate", "allow", "refuse"] as const)(
    "is refused by the storage that had it sealed, under %s, and nothing is lost",
    async (plaintext) => {
      const storage = await saved({ plaintext });
      const kept = await readFile(`${path}.bak`);
      for (const content of [JSON.stringify(forged), "{}"]) {
        await put(content);
        for (const work of [storage.load(), storage.save(values), storage.checkWritable(), storage.rotate()])
          await expect(work).rejects.toMatchObject({ ...refused, message: expect.stringContaining(path) });
        expect(await readFile(path, "utf8")).toBe(content);
      }
      expect(await readFile(`${path}.bak`)).toEqual(kept);
    },
  );

  it("is refused also without a generation before, and after the storage only read", async () => {
    await open({ backup: false }).save(values);
    const storage = open({ backup: false });
    await storage.load();
    await put(JSON.stringify(forged));
    await expect(storage.load()).rejects.toMatchObject(refused);
  });

  it("is refused by a new storage while a sealed generation lies there", async () => {
    await saved();
    const kept = await readFile(`${path}.bak`);
    await put(JSON.stringify(forged));
    await expect(open().load()).rejects.toMatchObject({
      ...refused,
      message: expect.stringContaining(`${path}.bak`),
    });
    expect([await readFile(`${path}.bak`), inspectBlob(await readFile(path)).layout]).toEqual([kept, "json"]);
    await rm(`${path}.bak`);
    expect(await open().load()).toEqual(forged);
  });

  it("is used when allowed, with a warning, and its save keeps the sealed generation", async () => {
    await saved();
    const kept = await readFile(`${path}.bak`);
    await put(JSON.stringify(forged));
    const storage = open({ plaintext: "allow" });
    expect([await storage.load(), kinds()]).toEqual([forged, ["plaintext"]]);
    await storage.save(next);
    expect([await readFile(`${path}.bak`), kinds()]).toEqual([kept, ["plaintext", "migrated"]]);
    expect(await open().load()).toEqual(next);
  });

  it("without members is refused when told so", async () => {
    await put("{}");
    const storage = open({ plaintext: "refuse" });
    await expect(storage.load()).rejects.toMatchObject(refused);
    await expect(storage.save(values)).rejects.toMatchObject(refused);
    expect(await readFile(path, "utf8")).toBe("{}");
  });

  it("is taken from who decrypted it, and told of with each migration from others", async () => {
    const storage = await saved();
    await storage.decryptConfig({ save: true });
    expect(await storage.load()).toEqual(next);
    await storage.save(values);
    expect(kinds()).toEqual([]);
    await put(JSON.stringify(forged));
    await expect(storage.load()).rejects.toMatchObject(refused);
    for (let i = 0; i < 2; i++) {
      await storage.deleteAll();
      await put(JSON.stringify(values));
      expect(await storage.load()).toEqual(values);
    }
    expect(kinds()).toEqual(["migrated", "migrated"]);
    expect(await readdir(directory)).toEqual(["config.bin"]);
  });

  it("leaves a copy in the clear no place beside the sealed one", async () => {
    await put(JSON.stringify(values));
    await writeFile(`${path}.bak`, JSON.stringify(values));
    expect(await open().load()).toEqual(values);
    expect(await readdir(directory)).toEqual(["config.bin"]);
  });
});

describe("deleteAll", () => {
  it("removes a file without content, which inspect calls empty, and its generation", async () => {
    await saved();
    await put("");
    const storage = open();
    expect(await storage.inspect()).toMatchObject({ layout: "empty", size: 0 });
    await expect(storage.load()).rejects.toMatchObject({ code: "ERR_KSM_SEALED_TRUNCATED" });
    await storage.deleteAll();
    expect([await readdir(directory), await storage.load()]).toEqual([[], {}]);
  });

  it("removes a file that is too large to be read", async () => {
    await put(new Uint8Array(1_048_577));
    await open().deleteAll();
    expect(await readdir(directory)).toEqual([]);
  });

  it("finds nothing to do without the directory", async () => {
    await expect(open({ path: join(directory, "none", "config.bin") }).deleteAll()).resolves.toBeUndefined();
    expect(await readdir(directory)).toEqual([]);
  });

  it.each([
    ["sealed", 0],
    ["too large", 1_048_577],
  ])("empties a %s file that is mounted by itself, unless told not to", async (_, size) => {
    await saved();
    if (size > 0) await put(new Uint8Array(size));
    mounted = path;
    await expect(open({ inPlace: "nowhere" }).deleteAll()).rejects.toMatchObject({
      code: "ERR_KSM_STORAGE_UNWRITABLE",
    });
    expect((await readFile(path)).length).toBeGreaterThan(0);
    const storage = open();
    await storage.deleteAll();
    expect([(await readFile(path)).length, await readdir(directory), kinds()]).toEqual([
      0,
      ["config.bin"],
      ["in-place"],
    ]);
    expect(await storage.load()).toEqual({});
  });

  it("refuses what is no file", async () => {
    await mkdir(path);
    await expect(open().deleteAll()).rejects.toMatchObject({ code: "ERR_KSM_STORAGE_UNWRITABLE" });
  });

  it("removes what is too large from a store that has no removal of its own", async () => {
    const place = memoryPlace(new Uint8Array(1_048_577));
    await open({ store: memoryStore(place) }).deleteAll();
    expect(place.bytes).toBeNull();
  });
});

describe("options that cannot work are refused at once:", () => {
  it.each([
    [{ plaintext: "refused" }],
    [{ plaintext: "" }],
    [{ layout: "Standard" }],
    [{ layout: null }],
    [{ inPlace: "mount" }],
    [{ backup: "" }],
    [{ backup: true }],
    [{ backup: null }],
    [{ kmsTimeoutMs: 0 }],
    [{ kmsTimeoutMs: -1 }],
    [{ kmsTimeoutMs: NaN }],
    [{ kmsTimeoutMs: "5000" }],
    [{ storeTimeoutMs: 0 }],
    [{ random: 5 }],
    [{ onWarning: "x" }],
  ])("%o", (options) => {
    expect(() => open(options as never)).toThrow(invalid);
  });

  it("a backup over the file itself, or of no name", () => {
    for (const backup of [path, "a\0b"]) expect(() => open({ backup })).toThrow(invalid);
  });

  it("a backup that is a directory, before anything is written", async () => {
    const backup = join(directory, "kept");
    await mkdir(backup);
    const storage = open({ backup });
    for (const work of [storage.checkWritable(), storage.save(values), storage.deleteAll()])
      await expect(work).rejects.toEqual(invalid);
    expect(await readdir(directory)).toEqual(["kept"]);
  });
});
