import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { encodeBase64 } from "@ksmkit/common";
import { describe, expect, it } from "vitest";
import { sealedFile } from "../../src/node/sealed-file.ts";
import { sealedFileStorage } from "../../src/node/sealed-file-storage.ts";
import type { ByteStore } from "../../src/sealed/byte-store.ts";
import { sealedStorage, type SealedStorage } from "../../src/sealed/sealed-storage.ts";
import { textStore } from "../../src/sealed/text-store.ts";
import {
  byteStoreConformance,
  keyWrapperConformance,
  storageConformance,
  type StorageFixture,
} from "../../src/testing/index.ts";
import { symmetricKey } from "./keys.ts";
import { memoryPlace, memoryStore } from "./memory-store.ts";

const runner = { describe, it, expect };

async function inDirectory<T>(make: (path: string) => T): Promise<T & { cleanup: () => Promise<void> }> {
  const directory = await mkdtemp(join(tmpdir(), "ksmkit-sealed-"));
  return { ...make(join(directory, "client-config.bin")), cleanup: () => rm(directory, { recursive: true }) };
}

function fixture(make: () => SealedStorage): StorageFixture {
  return { storage: make(), reopen: async () => make() };
}

/** A secret store that cannot tell who wrote last: two methods and nothing else. */
function plainStore(place = memoryPlace()): ByteStore {
  return {
    description: "a plain secret",
    read: async () => place.bytes && { bytes: Uint8Array.from(place.bytes) },
    write: async (bytes) => {
      place.bytes = bytes && Uint8Array.from(bytes);
    },
  };
}

storageConformance(runner, {
  name: "sealed file",
  create: () => inDirectory((path) => fixture(() => sealedFileStorage({ path, wrapper: symmetricKey() }))),
});

storageConformance(runner, {
  name: "sealed file, a data key for each save",
  create: () =>
    inDirectory((path) =>
      fixture(() => sealedFileStorage({ path, wrapper: symmetricKey(), freshDataKey: true })),
    ),
});

storageConformance(runner, {
  name: "sealed file, direct layout",
  create: () =>
    inDirectory((path) =>
      fixture(() => sealedFileStorage({ path, wrapper: symmetricKey(), layout: "direct" })),
    ),
});

storageConformance(runner, {
  name: "sealed secret with versions",
  create: async () => {
    const place = memoryPlace();
    return fixture(() => sealedStorage({ store: memoryStore(place), wrapper: symmetricKey() }));
  },
});

storageConformance(runner, {
  name: "sealed text",
  readOnly: true,
  create: async () => {
    const place = memoryPlace();
    await sealedStorage({ store: memoryStore(place), wrapper: symmetricKey() }).save({
      hostname: "given.example",
      appKey: "given",
    });
    const text = encodeBase64(place.bytes!);
    return fixture(() => sealedStorage({ store: textStore(text), wrapper: symmetricKey() }));
  },
});

byteStoreConformance(runner, {
  name: "file",
  create: () => inDirectory((path) => ({ store: sealedFile({ path }), reopen: () => sealedFile({ path }) })),
});

byteStoreConformance(runner, {
  name: "secret with versions",
  create: async () => {
    const place = memoryPlace();
    return { store: memoryStore(place), reopen: () => memoryStore(place) };
  },
});

byteStoreConformance(runner, {
  name: "secret without versions",
  compares: false,
  create: async () => {
    const place = memoryPlace();
    return { store: plainStore(place), reopen: () => plainStore(place) };
  },
});

byteStoreConformance(runner, {
  name: "text",
  readOnly: true,
  create: async () => ({ store: textStore("eHh4"), reopen: () => textStore("eHh4") }),
});

keyWrapperConformance(runner, {
  name: "test key",
  create: async () => ({ wrapper: testKey("one"), other: testKey("two") }),
});

/** A wrapper that keeps all rules, other than the ones of the vector file, which leave errors to core. */
function testKey(name: string): ReturnType<typeof symmetricKey> {
  const key = symmetricKey(name);
  return {
    ...key,
    wrap: async (bytes, context) => {
      context.signal.throwIfAborted();
      return key.wrap(bytes, context);
    },
    unwrap: (bytes, context) =>
      key.unwrap(bytes, context).catch((error: unknown) => {
        throw Object.assign(new Error("refused", { cause: error }), { code: "ERR_KSM_KMS_UNWRAP_FAILED" });
      }),
  };
}
