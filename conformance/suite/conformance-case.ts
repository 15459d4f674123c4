/** A case of the suite, its context and its outcome. */
import type { Host } from "./host.ts";
import type { VaultClients } from "./vault-clients.ts";

/** One case; it rejects when the statement of its name does not hold. */
export interface ConformanceCase {
  readonly name: string;
  run(): Promise<void>;
}

/** What the cases of a runtime share. */
export interface Context {
  readonly host: Host;
  readonly clients: VaultClients;
}

/** The result of a case. */
export interface Outcome {
  readonly name: string;
  /** Absent when it passed. */
  readonly failure?: string;
}

/** The report of a runtime. */
export interface HostReport {
  /** The version that the runtime reports of itself. */
  readonly version: string;
  readonly outcomes: readonly Outcome[];
}
