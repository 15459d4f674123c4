/** What a case of the suite is, and what it learns about the runtime that it runs on. */
import type { ConfigStorage, FetchLike, NetworkOptions } from "@ksmkit/core";
import type { VaultClients } from "./vault-clients.ts";
import type { RuntimeName } from "./runtime-table.ts";

/** The local vault as a case sees it. */
export interface VaultFacts {
  hostname: string;
  serverPublicKey: string;
  serverPublicKeyId: string;
  /** Unspent one-time tokens, for this runtime alone. */
  tokens: readonly string[];
}

/** A file storage on a place of its own. */
export interface FilePlace {
  open: () => ConfigStorage;
  remove: () => Promise<void>;
}

/** The runtime and its surroundings. */
export interface Host {
  readonly runtime: RuntimeName;
  readonly vault: VaultFacts;
  /** How clients here come to trust the vault. */
  readonly network: Pick<NetworkOptions, "ca" | "fetch">;
  /** A way to the vault that does not trust it; `undefined` is the platform's own. */
  readonly distrusting: FetchLike | undefined;
  /** Every way this runtime has of printing an object. */
  readonly print: readonly ((value: unknown) => string)[];
  /** Loads `@ksmkit/core/node` and makes a place for files; rejects where there are none. */
  makeFilePlace(): Promise<FilePlace>;
}

/** One case; it rejects when the promise that its name makes is not kept. */
export interface ConformanceCase {
  readonly name: string;
  run(): Promise<void>;
}

/** What cases are made from. */
export interface Context {
  readonly host: Host;
  readonly clients: VaultClients;
}

/** What became of a case. */
export interface Outcome {
  readonly name: string;
  /** Absent when it passed. */
  readonly failure?: string;
}

/** What a runtime hands back. */
export interface HostReport {
  /** The version that it says it is. */
  readonly version: string;
  readonly outcomes: readonly Outcome[];
}
