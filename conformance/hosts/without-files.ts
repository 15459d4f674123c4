/** Runtimes without files: the built Node entry lies beside the suite, and loading it must fail. */
import type * as NodeEntry from "@ksmkit/core/node";
import type { FileLocation } from "../suite/host.ts";

/** Name of the bundled `@ksmkit/core/node` beside the host's own bundle. */
const nodeEntry: string = "./node-entry.js";

/** Rejects with the error of the platform. */
export async function makeNoFileLocation(): Promise<FileLocation> {
  const { fileStorage } = (await import(nodeEntry)) as typeof NodeEntry;
  const open = (): ReturnType<typeof fileStorage> => fileStorage({ path: "/tmp/ksm-config.json" });
  return { open, remove: () => Promise.resolve() };
}
