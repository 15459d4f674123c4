/** The rules of `ByteStore` as a test suite that every implementation runs, with any test runner. */
import { utf8Bytes, utf8Text } from "@ksmkit/common";
import type { ByteStore, ByteWrite } from "../sealed/byte-store.ts";
import { codeOf, type TestRunner, withFixture } from "./test-runner.ts";

/** One place for bytes; nothing is there at first unless the store is read-only. */
export interface ByteStoreFixture {
  /** A store on the place. */
  store: ByteStore;
  /** Another store on the same place, as another process would open it. */
  reopen: () => ByteStore;
  /** Removes the place. */
  cleanup?: () => Promise<void>;
}

/** What is to be tested. */
export interface ByteStoreConformanceOptions {
  /** Names the implementation in the test names. */
  name: string;
  /** Makes a fresh place for each test. */
  create: () => Promise<ByteStoreFixture>;
  /** True for a store without `write`, over some bytes. Default: false. */
  readOnly?: boolean;
  /** False for a store that cannot detect that something else was written meanwhile. Default: true. */
  compares?: boolean;
}

const sealed = { plaintext: false, keepSeen: true };

/**
 * Declares the suite.
 *
 * @example
 * ```ts
 * byteStoreConformance({ describe, it, expect }, {
 *   name: "our secret store",
 *   create: async () => ({ store: secretStore(service), reopen: () => secretStore(service) }),
 * });
 * ```
 */
export function byteStoreConformance(runner: TestRunner, options: ByteStoreConformanceOptions): void {
  const { describe, expect } = runner;
  const it = withFixture(runner, options.create);

  describe(`byte store: ${options.name}`, () => {
    it("describes itself", async ({ store }) => {
      expect(store.description.length > 0).toEqual(true);
    });

    if (options.readOnly) {
      it("returns the same bytes each time and takes none", async ({ store, reopen }) => {
        const bytes = (await store.read())?.bytes;
        expect([bytes !== undefined && bytes.length > 0, "write" in store]).toEqual([true, false]);
        expect((await reopen().read())?.bytes).toEqual(bytes);
      });
      return;
    }

    it("holds nothing at first", async ({ store }) => {
      expect(await store.read()).toEqual(null);
    });

    it("returns any bytes, here and elsewhere", async ({ store, reopen }) => {
      const all = Uint8Array.from({ length: 70_000 }, (_, i) => i & 255);
      await put(store, all);
      expect([(await store.read())?.bytes, (await reopen().read())?.bytes]).toEqual([all, all]);
    });

    it("replaces everything, by less and by more", async ({ store, reopen }) => {
      for (const text of ["first, longer", "second", "third, and longest of all"]) {
        await put(store, utf8Bytes(text));
        expect(await textIn(reopen())).toEqual(text);
      }
    });

    it("is not changed through bytes that were passed in or returned", async ({ store }) => {
      const bytes = utf8Bytes("text");
      await put(store, bytes);
      bytes.fill(0);
      (await store.read())?.bytes.fill(0);
      expect(await textIn(store)).toEqual("text");
    });

    it("removes what is there, and nothing", async ({ store, reopen }) => {
      await put(store, utf8Bytes("text"));
      await put(store, null);
      expect(await reopen().read()).toEqual(null);
      await put(store, null);
      await put(store, utf8Bytes("again"));
      expect(await textIn(reopen())).toEqual("again");
    });

    it("changes nothing when asked whether it is writable", async ({ store, reopen }) => {
      await store.checkWritable?.();
      expect(await reopen().read()).toEqual(null);
      await put(store, utf8Bytes("text"));
      await store.checkWritable?.();
      expect(await textIn(reopen())).toEqual("text");
    });

    if (options.compares === false) return;

    it("refuses to write over what it has not seen", async ({ store, reopen }) => {
      const other = reopen();
      await put(other, utf8Bytes("theirs"));
      const seen = await store.read();
      await put(other, utf8Bytes("theirs, changed"));
      for (const write of [
        { ...sealed, seen },
        { ...sealed, seen: null },
      ]) {
        expect(await codeOf(writeTo(store, utf8Bytes("mine"), write))).toEqual("ERR_KSM_STORAGE_CONFLICT");
        expect(await codeOf(writeTo(store, null, write))).toEqual("ERR_KSM_STORAGE_CONFLICT");
      }
      expect(await textIn(store)).toEqual("theirs, changed");
    });

    it("lets one of several writers who saw the same win", async ({ store, reopen }) => {
      await put(store, utf8Bytes("before"));
      const seen = await store.read();
      const writers = [store, reopen(), reopen()];
      const codes = await Promise.all(
        writers.map((writer, i) => codeOf(writeTo(writer, utf8Bytes(`writer ${i}`), { ...sealed, seen }))),
      );
      expect(codes.filter((code) => code === "none").length).toEqual(1);
      expect(await textIn(store)).toEqual(`writer ${codes.indexOf("none")}`);
    });
  });
}

/** Writes over whatever is there. */
async function put(store: ByteStore, bytes: Uint8Array | null): Promise<void> {
  await writeTo(store, bytes, { ...sealed, seen: await store.read() });
}

async function writeTo(store: ByteStore, bytes: Uint8Array | null, write: ByteWrite): Promise<void> {
  await store.write?.(bytes, write);
}

async function textIn(store: ByteStore): Promise<string> {
  return utf8Text((await store.read())?.bytes ?? new Uint8Array());
}
