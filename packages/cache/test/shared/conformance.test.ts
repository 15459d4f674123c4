import { describe, expect, it } from "vitest";
import { memorySharedStore } from "../../src/shared/memory-shared-store.ts";
import { sharedStoreConformance } from "../../src/testing/index.ts";
import { TestClock } from "../support/local-client.ts";

sharedStoreConformance(
  { describe, it, expect },
  {
    name: "memory",
    create: async () => {
      const clock = new TestClock();
      const store = memorySharedStore({ clock: clock.read });
      return { store, reopen: async () => store, pass: async (ms) => clock.pass(ms) };
    },
  },
);
