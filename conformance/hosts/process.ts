/** The suite in a process: Node, Bun and Deno. Takes its task as JSON in the only argument and prints its report as one line of JSON. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inspect } from "node:util";
import { allCases } from "../suite/all-cases.ts";
import type { HostReport } from "../suite/conformance-case.ts";
import type { FileLocation, Host, VaultFacts } from "../suite/host.ts";
import { runCases } from "../suite/run-cases.ts";
import type { RuntimeName } from "../suite/runtime-table.ts";

/** The task of the process. */
export interface ProcessTask {
  runtime: RuntimeName;
  vault: VaultFacts;
  ca: string;
}

/** What Bun and Deno have beside Node's globals. */
interface OtherGlobals {
  Bun?: { version: string; inspect: (value: unknown) => string };
  Deno?: { version: { deno: string }; inspect: (value: unknown) => string };
}

const { Bun, Deno } = globalThis as OtherGlobals;

async function makeFileLocation(): Promise<FileLocation> {
  const { fileStorage } = await import("@ksmkit/core/node");
  const folder = await mkdtemp(join(tmpdir(), "ksmkit-conformance-"));
  return {
    open: () => fileStorage({ path: join(folder, "ksm-config.json") }),
    remove: () => rm(folder, { recursive: true }),
  };
}

const { runtime, vault, ca } = JSON.parse(process.argv[2] ?? "") as ProcessTask;
const host: Host = {
  runtime,
  vault,
  network: { ca },
  untrustingFetch: undefined,
  print: [
    (value) => JSON.stringify(value),
    (value) => inspect(value, { depth: 9, showHidden: true }),
    (value) => String(value),
    ...[Bun, Deno].flatMap((other) =>
      other === undefined ? [] : [(value: unknown) => other.inspect(value)],
    ),
  ],
  makeFileLocation,
};
const report: HostReport = {
  version: Bun?.version ?? Deno?.version.deno ?? process.version.slice(1),
  outcomes: await runCases(allCases(host)),
};
console.log(JSON.stringify(report));
