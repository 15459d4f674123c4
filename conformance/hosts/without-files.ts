/** File places where there are none: the built Node entry stands beside the suite, and must not load. */
import type * as NodeEntry from "@ksmkit/core/node";
import type { FilePlace } from "../suite/conformance-case.ts";

/** Name of the bundled `@ksmkit/core/node` beside the host's own bundle. */
const nodeEntry: string = "./node-entry.js";

/** Rejects with the platform's own refusal. */
export async function makeNoFilePlace(): Promise<FilePlace> {
  const { fileStorage } = (await import(nodeEntry)) as typeof NodeEntry;
  const open = (): ReturnType<typeof fileStorage> => fileStorage({ path: "/tmp/ksm-config.json" });
  return { open, remove: () => Promise.resolve() };
}
