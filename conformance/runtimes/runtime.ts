/** The interface between the runner and each runtime. */
import type { HostReport } from "../suite/conformance-case.ts";
import type { VaultFacts } from "../suite/host.ts";
import type { RuntimeName } from "../suite/runtime-table.ts";

/** The task of a runtime. */
export interface RunTask {
  readonly runtime: RuntimeName;
  readonly vault: VaultFacts;
  /** PEM of the vault's authority. */
  readonly ca: string;
}

/** Runs the suite and returns its report; rejects when the runtime does not start or does not respond. */
export type RunOnRuntime = (task: RunTask) => Promise<HostReport>;

/** Limit of one program of a runtime in milliseconds. The runtime as a whole has twice that. */
export const runLimitMs = 120_000;
