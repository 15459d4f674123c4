import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { memoryStorage, textStorage } from "../../src/config/storage.ts";
import { fileStorage } from "../../src/node/file-storage.ts";
import { storageConformance } from "../../src/testing/index.ts";

const runner = { describe, it, expect };

storageConformance(runner, {
  name: "memory",
  create: async () => {
    const storage = memoryStorage();
    return { storage, reopen: async () => storage };
  },
});

storageConformance(runner, {
  name: "text",
  readOnly: true,
  create: async () => {
    const text = '{"hostname":"given.example","appKey":"given"}';
    return { storage: textStorage(text), reopen: async () => textStorage(text) };
  },
});

storageConformance(runner, {
  name: "file",
  create: async () => {
    const directory = await mkdtemp(join(tmpdir(), "ksmkit-"));
    const path = join(directory, "ksm-config.json");
    return {
      storage: fileStorage({ path }),
      reopen: async () => fileStorage({ path }),
      cleanup: () => rm(directory, { recursive: true }),
    };
  },
});
