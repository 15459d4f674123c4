import { inspect } from "node:util";
import { encodeBase64, utf8Bytes, utf8Text } from "@ksmkit/common";
import { describe, expect, it } from "vitest";
import { KmsError, StorageError } from "../../src/errors/errors.ts";
import type { ByteStore } from "../../src/sealed/byte-store.ts";
import { inspectBlob } from "../../src/sealed/inspect-blob.ts";
import type { KeyWrapper } from "../../src/sealed/key-wrapper.ts";
import { sealedStorage, type SealedStorageOptions } from "../../src/sealed/sealed-storage.ts";
import type { SealedWarning } from "../../src/sealed/sealing-options.ts";
import { textStore } from "../../src/sealed/text-store.ts";
import { symmetricKey } from "./keys.ts";
import { memoryPlace, memoryStore, type MemoryPlace } from "./memory-store.ts";

const initialized = { hostname: "h.example", clientId: "c", clientKey: "k", privateKey: "p" };
const bound = { hostname: "h.example", clientId: "c", privateKey: "p", appKey: "secret-app-key" };

function setUp(content: MemoryPlace["bytes"] | string = null, more: Partial<SealedStorageOptions> = {}) {
  const place = memoryPlace(typeof content === "string" ? utf8Bytes(content) : content);
  const wrapper = symmetricKey();
  const warnings: SealedWarning["kind"][] = [];
  const onWarning = ({ kind }: SealedWarning): void => void warnings.push(kind);
  const storage = sealedStorage({ store: memoryStore(place), wrapper, onWarning, ...more });
  return { place, wrapper, storage, warnings };
}

/** The bytes of a sealed configuration. */
async function sealed(values: Record<string, string> = bound): Promise<Uint8Array> {
  const { place, storage } = setUp();
  await storage.save(values);
  return place.bytes!;
}

const denied = (): never => {
  throw new KmsError("ERR_KSM_KMS_ACCESS_DENIED", "denied", { provider: "test", keyId: "one" });
};

describe("calls to the key service", () => {
  it("binding costs two, and two writes", async () => {
    const { place, storage, wrapper } = setUp();
    await storage.load();
    await storage.save(initialized, { expected: {} });
    await storage.checkWritable();
    await storage.save(bound, { expected: initialized });
    expect([wrapper.calls, place.writes.length]).toEqual([["wrap", "unwrap"], 2]);
  });

  it("opening costs one, however often it is read and saved", async () => {
    const { place, storage, wrapper } = setUp(await sealed());
    await Promise.all([storage.load(), storage.load()]);
    await storage.save({ ...bound, serverPublicKeyId: "7" });
    await storage.checkWritable();
    await storage.load();
    expect([wrapper.calls, place.writes.length]).toEqual([["unwrap"], 1]);
  });

  it("what another process saved under the same data key costs none", async () => {
    const { place, storage, wrapper } = setUp(await sealed());
    await storage.load();
    await sealedStorage({ store: memoryStore(place), wrapper: symmetricKey() }).save(initialized);
    expect(await storage.load()).toEqual(initialized);
    expect(wrapper.calls).toEqual(["unwrap"]);
  });

  it("an equal configuration is not saved again, in whatever form it is stored", async () => {
    const { place, storage } = setUp(await sealed());
    await storage.save(Object.fromEntries(Object.entries(bound).toReversed()));
    expect(place.writes).toEqual([]);
  });

  it("a new data key for each save, when asked", async () => {
    const { place, storage, wrapper } = setUp(null, { freshDataKey: true });
    await storage.save(initialized);
    const first = place.bytes!.slice(0, 64);
    await storage.save(bound);
    expect(wrapper.calls).toEqual(["wrap", "unwrap", "wrap"]);
    expect(place.bytes!.slice(0, 64)).not.toEqual(first);
  });

  it("one without proof, when asked", async () => {
    const { storage, wrapper } = setUp(null, { verify: false });
    await storage.save(initialized);
    expect(wrapper.calls).toEqual(["wrap"]);
  });

  it("a fresh nonce under the same data key", async () => {
    const { place, storage } = setUp();
    const nonces = new Set<string>();
    for (let i = 0; i < 50; i++) {
      await storage.save({ ...bound, i: String(i) });
      nonces.add(encodeBase64(place.bytes!.slice(66, 78)));
    }
    expect(nonces.size).toBe(50);
  });

  it.each(["wrap", "unwrap"] as const)(
    "a self-test finds a missing right to %s before a token is spent",
    async (right) => {
      const wrapper: KeyWrapper = { ...symmetricKey(), [right]: async () => denied() };
      for (const content of [null, "{}", JSON.stringify(initialized)]) {
        const { place, storage } = setUp(content, { wrapper });
        const before = place.bytes;
        const work = content === null || content === "{}" ? storage.checkWritable() : storage.load();
        await expect(work).rejects.toMatchObject({ code: "ERR_KSM_KMS_ACCESS_DENIED" });
        expect([place.bytes, place.writes]).toEqual([before, []]);
      }
    },
  );

  it("has a time limit, also with a wrapper that ignores the signal", async () => {
    const wrapper: KeyWrapper = { ...symmetricKey(), wrap: () => new Promise(() => {}) };
    const { storage } = setUp(null, { wrapper, kmsTimeoutMs: 1 });
    await expect(storage.save(bound)).rejects.toMatchObject({ code: "ERR_KSM_KMS_TIMEOUT", retryable: true });
  });
});

describe("answers of the key service", () => {
  const answer = (wrap: unknown): KeyWrapper => ({ ...symmetricKey(), wrap: async () => wrap as Uint8Array });

  it.each([[undefined], [new Uint8Array()], ["text"], [new Uint8Array(65_536)]])(
    "%# without usable bytes is refused and nothing is written",
    async (wrapped) => {
      const { place, storage } = setUp(await sealed(), { wrapper: answer(wrapped), freshDataKey: true });
      const before = place.bytes;
      await expect(storage.save(initialized)).rejects.toMatchObject({
        name: "KmsError",
        code: "ERR_KSM_KMS_BAD_RESPONSE",
        keyId: "one",
      });
      expect(place.bytes).toBe(before);
    },
  );

  it("that decrypt to something else are refused", async () => {
    const wrapper: KeyWrapper = { ...symmetricKey(), unwrap: async () => new Uint8Array(32) };
    const { place, storage } = setUp(null, { wrapper });
    await expect(storage.save(bound)).rejects.toMatchObject({ code: "ERR_KSM_KMS_BAD_RESPONSE" });
    expect(place.bytes).toBeNull();
  });

  it("of no known kind are named by what was asked, with their cause", async () => {
    const cause = new Error("something of the SDK");
    const fail = async (): Promise<never> => {
      throw cause;
    };
    const { storage } = setUp(null, { wrapper: { ...symmetricKey(), wrap: fail } });
    await expect(storage.save(bound)).rejects.toMatchObject({ code: "ERR_KSM_KMS_REFUSED", cause });
    const { storage: other } = setUp(await sealed(), { wrapper: { ...symmetricKey(), unwrap: fail } });
    await expect(other.load()).rejects.toMatchObject({ code: "ERR_KSM_KMS_UNWRAP_FAILED", cause });
  });
});

describe("a configuration in the clear", () => {
  it.each([
    ["JSON", (text: string) => text],
    ["base64", (text: string) => encodeBase64(utf8Bytes(text))],
  ])("as %s is sealed when it is opened, and no copy of it kept", async (_, form) => {
    const { place, storage, wrapper } = setUp(form(JSON.stringify(bound)));
    expect(await storage.load()).toEqual(bound);
    expect(inspectBlob(place.bytes!)).toMatchObject({ layout: "standard", nonceLength: 12 });
    expect(place.writes).toMatchObject([{ plaintext: false, keepSeen: false }]);
    expect(wrapper.calls).toEqual(["wrap", "unwrap"]);
  });

  it("is left alone when allowed, and sealed by the next save", async () => {
    const { place, storage, wrapper } = setUp(JSON.stringify(initialized), { plaintext: "allow" });
    expect(await storage.load()).toEqual(initialized);
    expect([place.writes, wrapper.calls]).toEqual([[], []]);
    await storage.save(initialized);
    expect(inspectBlob(place.bytes!).layout).toBe("standard");
  });

  it("is refused when told so, for reading and saving", async () => {
    const { place, storage } = setUp(JSON.stringify(bound), { plaintext: "refuse" });
    const refused = { code: "ERR_KSM_SEALED_PLAINTEXT_REFUSED" };
    await expect(storage.load()).rejects.toMatchObject(refused);
    await expect(storage.save(initialized)).rejects.toMatchObject(refused);
    expect(place.writes).toEqual([]);
  });

  it("is used with a warning where it cannot be written", async () => {
    const readOnly: ByteStore = {
      ...memoryStore(memoryPlace(utf8Bytes(JSON.stringify(bound)))),
      write: async () => {
        throw new StorageError("ERR_KSM_STORAGE_UNWRITABLE", "EROFS");
      },
    };
    const { storage, warnings } = setUp(null, { store: readOnly });
    expect([await storage.load(), await storage.load(), warnings]).toEqual([bound, bound, ["plaintext"]]);
    await expect(storage.save(initialized)).rejects.toMatchObject({ code: "ERR_KSM_STORAGE_UNWRITABLE" });
    expect(await storage.load()).toEqual(bound);
  });

  it("without members waits for the first save", async () => {
    const { place, storage, wrapper } = setUp("{}");
    expect([await storage.load(), wrapper.calls, utf8Text(place.bytes!)]).toEqual([{}, [], "{}"]);
    await storage.save(initialized, { expected: {} });
    expect(inspectBlob(place.bytes!).layout).toBe("standard");
  });
});

describe("what is stored beside the configuration", () => {
  const document = {
    hostname: "h.example",
    count: 7,
    flag: true,
    nested: { inner: 1 },
    list: [{ z: 1 }],
    none: null,
  };

  it("survives a save, numbers and flags as they were", async () => {
    const { storage } = setUp(JSON.stringify(document));
    expect(await storage.load()).toEqual({ hostname: "h.example", count: "7", flag: "true" });
    await storage.save({ ...(await storage.load()), hostname: "other.example", flag: "false" });
    expect(JSON.parse(await storage.decryptConfig())).toEqual({
      ...document,
      hostname: "other.example",
      flag: "false",
    });
  });

  it("is written sorted, with 4 spaces of indent", async () => {
    const { storage } = setUp();
    await storage.save({ b: "2", a: "ü" });
    expect(await storage.decryptConfig()).toBe('{\n    "a": "ü",\n    "b": "2"\n}');
  });

  it("does not fit when it is too large, which no one else is asked about", async () => {
    const { place, storage, wrapper } = setUp();
    await expect(storage.save({ long: "x".repeat(65_520) })).rejects.toMatchObject({
      code: "ERR_KSM_SEALED_TOO_LARGE",
    });
    expect([wrapper.calls, place.bytes]).toEqual([[], null]);
    await storage.save(bound);
    expect(await storage.load()).toEqual(bound);
  });
});

describe("changeKey", () => {
  it("seals under the new key, proven, and leaves no copy under the old one", async () => {
    const { place, storage, wrapper } = setUp(await sealed());
    const next = symmetricKey("two");
    await storage.changeKey(next);
    expect([wrapper.calls, next.calls]).toEqual([["unwrap"], ["wrap", "unwrap"]]);
    expect(place.writes).toMatchObject([{ keepSeen: false }]);
    await storage.save(initialized);
    expect(await sealedStorage({ store: memoryStore(place), wrapper: symmetricKey("two") }).load()).toEqual(
      initialized,
    );
    await expect(
      sealedStorage({ store: memoryStore(place), wrapper: symmetricKey() }).load(),
    ).rejects.toMatchObject({ code: "ERR_KSM_KMS_UNWRAP_FAILED" });
  });

  it.each(["wrap", "unwrap"] as const)(
    "without the right to %s leaves everything as it was",
    async (right) => {
      const { place, storage, wrapper } = setUp(await sealed());
      const before = place.bytes;
      const next: KeyWrapper = { ...symmetricKey("two"), [right]: async () => denied() };
      await expect(storage.changeKey(next)).rejects.toMatchObject({ code: "ERR_KSM_KMS_ACCESS_DENIED" });
      expect(place.bytes).toBe(before);
      await storage.save(initialized);
      expect(await sealedStorage({ store: memoryStore(place), wrapper }).load()).toEqual(initialized);
    },
  );

  it("that cannot be written leaves everything as it was", async () => {
    const place = memoryPlace(await sealed());
    const store = memoryStore(place);
    const { storage, wrapper } = setUp(null, { store });
    await storage.load();
    const write = store.write;
    store.write = async () => {
      throw new StorageError("ERR_KSM_STORAGE_UNWRITABLE", "ENOSPC");
    };
    await expect(storage.changeKey(symmetricKey("two"))).rejects.toMatchObject({
      code: "ERR_KSM_STORAGE_UNWRITABLE",
    });
    store.write = write;
    await storage.save(initialized);
    expect(await sealedStorage({ store: memoryStore(place), wrapper }).load()).toEqual(initialized);
  });

  it("over an empty place proves the new key and uses it", async () => {
    const { place, storage, wrapper } = setUp();
    const next = symmetricKey("two");
    await storage.changeKey(next);
    expect([place.writes, next.calls]).toEqual([[], ["wrap", "unwrap"]]);
    await storage.save(bound);
    expect([wrapper.calls, next.calls]).toEqual([[], ["wrap", "unwrap"]]);
  });

  it("closes the key before, and only after it has worked", async () => {
    const closed: string[] = [];
    const closing = (name: string): KeyWrapper => ({
      ...symmetricKey(name),
      close: async () => void closed.push(name),
    });
    const { storage } = setUp(null, { wrapper: closing("one") });
    await storage.save(bound);
    await expect(storage.changeKey({ ...closing("two"), wrap: async () => denied() })).rejects.toThrow(
      "denied",
    );
    expect(closed).toEqual([]);
    await storage.changeKey(closing("two"));
    await storage.close();
    expect(closed).toEqual(["one", "two"]);
  });
});

describe("the other operations", () => {
  it("rotate seals under a new data key of the same key", async () => {
    const { place, storage, wrapper } = setUp(await sealed());
    const before = place.bytes!.slice(0, 64);
    await storage.rotate();
    expect(place.bytes!.slice(0, 64)).not.toEqual(before);
    expect([await storage.load(), wrapper.calls]).toEqual([bound, ["unwrap", "wrap", "unwrap"]]);
    expect(place.writes).toMatchObject([{ keepSeen: false }]);
  });

  it("decryptConfig gives the stored text and writes nothing", async () => {
    const { place, storage } = setUp(await sealed());
    expect(JSON.parse(await storage.decryptConfig())).toEqual(bound);
    expect(place.writes).toEqual([]);
    expect(await setUp().storage.decryptConfig()).toBe("{}");
  });

  it("decryptConfig leaves the text in the clear when asked, until the next save", async () => {
    const { place, storage } = setUp(await sealed(), { plaintext: "refuse" });
    const text = await storage.decryptConfig({ save: true });
    expect(utf8Text(place.bytes!)).toBe(text);
    expect(place.writes).toMatchObject([{ plaintext: true, keepSeen: false }]);
    expect(await storage.load()).toEqual(bound);
    expect(utf8Text(place.bytes!)).toBe(text);
    await storage.save(bound);
    expect(inspectBlob(place.bytes!).layout).toBe("standard");
  });

  it("deleteAll removes also what does not open", async () => {
    for (const content of [await sealed(), "damaged", null]) {
      const { place, storage } = setUp(content);
      await storage.deleteAll();
      expect([place.bytes, await storage.load()]).toEqual([null, {}]);
    }
  });

  it("inspect asks no one", async () => {
    const { storage, wrapper } = setUp(await sealed());
    expect(await storage.inspect()).toEqual({
      layout: "standard",
      size: expect.any(Number),
      isProtected: true,
      keyFamily: "symmetric",
      wrappedKeyLength: 60,
      nonceLength: 12,
      contentLength: expect.any(Number),
      trailingLength: 0,
    });
    expect([await setUp().storage.inspect(), wrapper.calls]).toEqual([null, []]);
  });

  it("close overwrites the data key; the next use asks again", async () => {
    const dataKeys: Uint8Array[] = [];
    const random = (length: number): Uint8Array<ArrayBuffer> => {
      const bytes = crypto.getRandomValues(new Uint8Array(length));
      if (length === 32) dataKeys.push(bytes);
      return bytes;
    };
    const { storage, wrapper } = setUp(null, { random });
    await storage.save(bound);
    await storage.rotate();
    expect(dataKeys.map((key) => key.every((byte) => byte === 0))).toEqual([true, false]);
    await storage.close();
    expect(dataKeys.map((key) => key.every((byte) => byte === 0))).toEqual([true, true]);
    wrapper.calls.length = 0;
    expect([await storage.load(), wrapper.calls]).toEqual([bound, ["unwrap"]]);
  });

  it("nothing of the content shows when it is printed", async () => {
    const { storage } = setUp(await sealed());
    await storage.load();
    for (const text of [inspect(storage, { depth: 9, showHidden: true }), JSON.stringify(storage)])
      expect(text).not.toContain("secret-app-key");
  });
});

describe("several processes", () => {
  it("none of 2 × 200 changes is lost", async () => {
    const place = memoryPlace();
    const count = async (name: string): Promise<void> => {
      const storage = sealedStorage({ store: memoryStore(place), wrapper: symmetricKey() });
      for (let i = 0; i < 200;) {
        const current = await storage.load();
        try {
          await storage.save({ ...current, [`${name}${i}`]: "x" }, { expected: current });
          i++;
        } catch (error) {
          expect(error).toMatchObject({ code: "ERR_KSM_STORAGE_CONFLICT" });
        }
      }
    };
    await Promise.all([count("a"), count("b")]);
    const stored = await sealedStorage({ store: memoryStore(place), wrapper: symmetricKey() }).load();
    expect(Object.keys(stored)).toHaveLength(400);
  });

  it("gives up when others keep writing, and changes nothing", async () => {
    let version = 0;
    const store: ByteStore = {
      description: "busy secret",
      read: async () => ({ bytes: utf8Bytes("{}"), version: String(version++) }),
      write: async () => {
        throw new StorageError("ERR_KSM_STORAGE_CONFLICT", "changed");
      },
    };
    const { storage } = setUp(null, { store });
    await expect(storage.save(bound)).rejects.toMatchObject({
      code: "ERR_KSM_STORAGE_UNWRITABLE",
      retryable: true,
    });
    expect(version).toBe(16);
  });
});

describe("a store that is read-only or fails", () => {
  it("takes saves in memory; binding is refused unless allowed", async () => {
    const text = JSON.stringify(initialized);
    const make = (allowInMemory: boolean) =>
      setUp(null, { store: textStore(text, { source: "KSM_CONFIG" }), allowInMemory });
    const { storage, warnings } = make(false);
    expect([await storage.load(), warnings]).toEqual([initialized, ["plaintext"]]);
    await expect(storage.checkWritable()).rejects.toMatchObject({
      message: expect.stringContaining("KSM_CONFIG"),
    });
    await storage.save(bound);
    await storage.checkWritable();
    expect(await storage.load()).toEqual(bound);
    const { storage: allowed } = make(true);
    await expect(allowed.checkWritable()).resolves.toBeUndefined();
    for (const work of [
      () => storage.rotate(),
      () => storage.changeKey(symmetricKey()),
      () => storage.deleteAll(),
    ])
      await expect(work()).rejects.toMatchObject({ code: "ERR_KSM_STORAGE_UNWRITABLE" });
  });

  it("is named in the error, with the cause and nothing of the content", async () => {
    const cause = new Error("AccessDenied to secret-app-key");
    const fail = async (): Promise<never> => {
      throw cause;
    };
    const broken = { description: "secret ksm/device", read: fail };
    await expect(setUp(null, { store: broken }).storage.load()).rejects.toMatchObject({
      code: "ERR_KSM_STORAGE_UNREADABLE",
      message: "Cannot read secret ksm/device: it failed.",
      cause,
    });
    const unwritable = { ...broken, read: async () => null, write: fail };
    await expect(setUp(null, { store: unwritable }).storage.save(bound)).rejects.toMatchObject({
      code: "ERR_KSM_STORAGE_UNWRITABLE",
      cause,
    });
    const silent = { ...broken, read: () => new Promise<null>(() => {}) };
    await expect(setUp(null, { store: silent, storeTimeoutMs: 1 }).storage.load()).rejects.toMatchObject({
      code: "ERR_KSM_STORAGE_UNREADABLE",
      retryable: true,
    });
    const large = { ...broken, read: async () => ({ bytes: new Uint8Array(1_048_577) }) };
    await expect(setUp(null, { store: large }).storage.load()).rejects.toMatchObject({
      code: "ERR_KSM_STORAGE_UNREADABLE",
    });
    const odd = { ...broken, read: async () => ({ bytes: "text" }) as never };
    await expect(setUp(null, { store: odd }).storage.load()).rejects.toMatchObject({
      code: "ERR_KSM_STORAGE_UNREADABLE",
    });
  });

  it("is tried again after a failure", async () => {
    const place = memoryPlace(await sealed());
    let fails = 1;
    const store = memoryStore(place);
    const { storage } = setUp(null, {
      store: { ...store, read: async () => (fails-- > 0 ? Promise.reject(new Error("down")) : store.read()) },
    });
    await expect(storage.load()).rejects.toThrow("Cannot read");
    expect(await storage.load()).toEqual(bound);
  });

  it("and a key that is none are refused at once", () => {
    const { wrapper } = setUp();
    const refused = expect.objectContaining({ code: "ERR_KSM_ARGUMENT_INVALID" });
    for (const wrong of [{ store: {}, wrapper }, { store: textStore("x"), wrapper: {} }, undefined])
      expect(() => sealedStorage(wrong as never)).toThrow(refused);
  });
});
