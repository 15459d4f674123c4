/** What the command needs to run the suite on a runtime. */
import type { HostReport, VaultFacts } from "../suite/conformance-case.ts";
import type { RuntimeName } from "../suite/runtime-table.ts";

/** What every runtime is given. */
export interface RunTask {
  readonly runtime: RuntimeName;
  readonly vault: VaultFacts;
  /** PEM of the vault's authority. */
  readonly ca: string;
}

/** Runs the suite and brings its report; rejects when the runtime cannot be started or does not answer. */
export type RunOnRuntime = (task: RunTask) => Promise<HostReport>;

/** What a program of a runtime may take. The runtime as a whole may take twice that. */
export const runLimitMs = 120_000;
