/** Every storage of core passes the suite in `@ksmkit/core/testing`, or refuses on platforms that lack it. */
import { memoryStorage, textStorage } from "@ksmkit/core";
import { indexedDbStorage } from "@ksmkit/core/browser";
import { storageConformance, type StorageConformanceOptions } from "@ksmkit/core/testing";
import { deepStrictEqual, rejects, rejectsWith } from "./assert.ts";
import type { ConformanceCase, Context } from "./conformance-case.ts";
import type { Host } from "./host.ts";
import { traitsOf } from "./runtime-table.ts";

/** The rules for one storage as cases. */
function rulesFor(options: StorageConformanceOptions): ConformanceCase[] {
  const cases: ConformanceCase[] = [];
  storageConformance(
    {
      describe: (_, declare) => declare(),
      it: (rule, run) => cases.push({ name: `storage ${options.name}: ${rule}`, run }),
      // The storages freeze or copy; what counts is the content, as with vitest's toEqual.
      expect: (actual) => ({ toEqual: (expected) => deepStrictEqual(actual, expected) }),
    },
    options,
  );
  return cases;
}

function fileRules(host: Host): ConformanceCase[] {
  if (!traitsOf(host.runtime).files) {
    return [
      {
        name: "storage file: the Node entry does not load",
        run: () => rejects(() => host.makeFileLocation()),
      },
    ];
  }
  return rulesFor({
    name: "file",
    create: async () => {
      const { open, remove } = await host.makeFileLocation();
      return { storage: open(), reopen: async () => open(), cleanup: remove };
    },
  });
}

function indexedDbRules(host: Host): ConformanceCase[] {
  if (!traitsOf(host.runtime).indexedDb) {
    return [
      {
        name: "storage indexedDb: refused without IndexedDB",
        async run() {
          const storage = indexedDbStorage();
          await rejectsWith("ERR_KSM_STORAGE_UNREADABLE", () => storage.load());
          await rejectsWith("ERR_KSM_STORAGE_UNWRITABLE", () => storage.save({ hostname: "h.example" }));
          await rejectsWith("ERR_KSM_STORAGE_UNWRITABLE", () => storage.checkWritable());
        },
      },
    ];
  }
  let count = 0;
  return rulesFor({
    name: "indexedDb",
    create: async () => {
      const name = `place ${++count}`;
      return { storage: indexedDbStorage({ name }), reopen: async () => indexedDbStorage({ name }) };
    },
  });
}

/** Storages. */
export function storageCases({ host }: Context): ConformanceCase[] {
  const text = '{"hostname":"given.example","appKey":"given"}';
  return [
    ...rulesFor({
      name: "memory",
      create: async () => {
        const storage = memoryStorage();
        return { storage, reopen: async () => storage };
      },
    }),
    ...rulesFor({
      name: "text",
      readOnly: true,
      create: async () => ({ storage: textStorage(text), reopen: async () => textStorage(text) }),
    }),
    ...fileRules(host),
    ...indexedDbRules(host),
  ];
}
