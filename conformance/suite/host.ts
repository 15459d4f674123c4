/** The runtime that runs the suite, as its cases see it. */
import type { ConfigStorage, FetchLike, NetworkOptions } from "@ksmkit/core";
import type { RuntimeName } from "./runtime-table.ts";

/** The local vault as a case sees it. */
export interface VaultFacts {
  hostname: string;
  serverPublicKey: string;
  serverPublicKeyId: string;
  /** Unspent one-time tokens, for this runtime alone. */
  tokens: readonly string[];
}

/** A file storage in a folder of its own. */
export interface FileLocation {
  open: () => ConfigStorage;
  remove: () => Promise<void>;
}

/** The runtime that the suite runs on, and its surroundings. */
export interface Host {
  readonly runtime: RuntimeName;
  readonly vault: VaultFacts;
  /** Options by which clients on this runtime trust the vault. */
  readonly network: Pick<NetworkOptions, "ca" | "fetch">;
  /** A fetch function that does not trust the vault's certificate; `undefined` means the platform's own. */
  readonly untrustingFetch: FetchLike | undefined;
  /** Every way of printing an object on this runtime. */
  readonly print: readonly ((value: unknown) => string)[];
  /** Loads `@ksmkit/core/node` and makes a folder for files; rejects on runtimes without files. */
  makeFileLocation(): Promise<FileLocation>;
}
