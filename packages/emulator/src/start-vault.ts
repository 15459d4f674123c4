/** Starts a local vault: state, owner, services, listener, console (architecture contract 3.2). */
import { type Clock, platformRandom, platformSleep, type Random, type Sleep } from "@ksmkit/common";
import type { ConsoleOptions, VaultConsole } from "./console/start-console.ts";
import { VaultError } from "./errors/vault-error.ts";
import type { FaultRule } from "./faults/fault.ts";
import { FaultPlan } from "./faults/fault-plan.ts";
import { parseFaultScript } from "./faults/fault-schema.ts";
import { VaultOwner } from "./owner/vault-owner.ts";
import { readDocument } from "./schema/read-document.ts";
import { type SeedSource, startingSeed } from "./seed/starting-seed.ts";
import { createFetchHandler } from "./server/fetch-handler.ts";
import { isLoopback, startListener, type VaultListener } from "./server/start-listener.ts";
import { RequestLog, type RequestLogEntry } from "./vault/request-log.ts";
import { VaultService } from "./server/vault-service.ts";
import { newVaultState } from "./state/new-state.ts";
import type { VaultSnapshot } from "./state/snapshot.ts";
import { StateFile } from "./state/state-file.ts";
import { activeServerKey, type KsmFacts, Vault } from "./vault.ts";
import { FileStore } from "./api/file-store.ts";
import { KsmApi } from "./api/ksm-api.ts";
import type { RateLimit } from "./api/request-limits.ts";

/** Options of {@link startVault}; all have defaults. */
export interface VaultOptions extends SeedSource {
  /** Address to listen on. Any but a loopback address needs `expose`. Default: `127.0.0.1`. */
  host?: string;
  /** Lets other machines reach the vault, when `host` is not a loopback address. Default: false. */
  expose?: boolean;
  /** Port to listen on; 0 lets the system choose. Default: 0. */
  port?: number;
  /** False opens no socket: the vault is reached through `vault.fetch` only. Default: true. */
  listen?: boolean;
  /** Serves the console page and the endpoint of `ksm-vault token`, on 127.0.0.1. Default: false. */
  console?: boolean;
  /** Port of the console; 0 lets the system choose. Default: 0. */
  consolePort?: number;
  /** File that keeps the whole vault, keys included, across restarts. Default: none, memory only. */
  stateFile?: string;
  /** Faults for the first requests. */
  faults?: readonly FaultRule[];
  /** File with fault rules, JSON or YAML, behind those of `faults`. */
  faultsFile?: string;
  /** One-time tokens made at the start, each good for 24 hours. Default: 5. */
  tokens?: number;
  /** Limits per client and endpoint, or false for none. Default: 100 in 10 s, as the service has. */
  rateLimit?: RateLimit | false;
  /** Ids of the server key ring; the first is active. Default: `[10]`. Ignored with an existing state file. */
  serverKeyIds?: readonly number[];
  /** Largest request body in bytes, uploads included. Default: 128 MiB. */
  maxBodyBytes?: number;
  /** Called after each request with its log entry. */
  onRequest?: (entry: RequestLogEntry) => void;
  /** Default: `Date.now`. */
  clock?: Clock;
  /** Source of keys, nonces and UIDs. Default: the platform's. */
  random?: Random;
  /** Waits of faults. Default: timers. */
  sleep?: Sleep;
}

/** Tokens made at the start live as long as the service allows: a vault often runs all day. */
const startTokenMinutes = 1440;

/**
 * Starts a local vault with keys, certificate authority and one-time tokens of its own.
 *
 * @throws {VaultError} `ERR_VAULT_OPTION`, `ERR_VAULT_SEED`, `ERR_VAULT_FAULTS`, `ERR_VAULT_STATE_INVALID`,
 *   `ERR_VAULT_STATE_WRITE`, `ERR_VAULT_LISTEN`
 * @example
 * ```ts
 * await using vault = await startVault({ listen: false });
 * const client = await bind(vault.ksm.oneTimeTokens[0], { fetch: vault.fetch });
 * ```
 */
export async function startVault(options: VaultOptions = {}): Promise<Vault> {
  const { clock = Date.now, random = platformRandom, sleep = platformSleep } = options;
  checkOptions(options);
  const fileWarnings = new Set<string>();
  const file =
    options.stateFile === undefined
      ? undefined
      : new StateFile(options.stateFile, (message) => fileWarnings.add(message));
  const stored = await file?.load();
  const { snapshot, warnings, owner, save } = await prepareState(options, file, stored, clock, random);
  const { server: state } = snapshot;

  const scripted =
    options.faultsFile === undefined ? [] : await readDocument(options.faultsFile, "ERR_VAULT_FAULTS");
  const faults = new FaultPlan(
    [...parseFaultScript(options.faults ?? []), ...parseFaultScript(scripted)],
    random,
  );
  const log = new RequestLog(options.onRequest);
  const service = new VaultService({
    api: new KsmApi({ state, clock, random, rateLimit: options.rateLimit ?? {}, save }),
    files: new FileStore({ state, clock, save }),
    faults,
    log,
    clock,
    sleep,
  });
  const oneTimeTokens: string[] = [];
  for (let made = 0; made < (options.tokens ?? 5); made++) {
    oneTimeTokens.push(
      await owner.newToken({ name: `token ${made + 1}`, firstAccessMinutes: startTokenMinutes }),
    );
  }
  const { host = "127.0.0.1", port = 0, maxBodyBytes = 0x800_0000 } = options;
  const listener =
    options.listen === false
      ? undefined
      : await startListener({ host, port, maxBodyBytes, service, now: clock() });
  const facts = (): KsmFacts => ({
    hostname: listener?.hostname ?? "localhost",
    oneTimeTokens,
    ...activeServerKey(state),
    caFile: listener?.caFile,
  });
  const console = await openConsole(options, { owner, log: log.entries, facts, random }, listener);
  return new Vault({
    owner,
    faults,
    log,
    fetch: createFetchHandler(service),
    facts,
    console,
    warnings: [...exposureWarnings(options), ...warnings, ...fileWarnings],
    release: async () => {
      await Promise.all([console?.close(), listener?.close()]);
    },
  });
}

/** The console, when the options ask for one; the listener does not outlive its failure. */
async function openConsole(
  { console = false, consolePort = 0 }: VaultOptions,
  parts: Pick<ConsoleOptions, "owner" | "log" | "facts" | "random">,
  listener: VaultListener | undefined,
): Promise<VaultConsole | undefined> {
  if (!console || listener === undefined) return undefined;
  try {
    const { startConsole } = await import("./console/start-console.ts");
    return await startConsole({ ...parts, folder: listener.folder, port: consolePort });
  } catch (error) {
    await listener.close();
    throw error;
  }
}

function exposureWarnings({ host = "127.0.0.1", listen = true }: VaultOptions): string[] {
  if (!listen || isLoopback(host)) return [];
  return [`The vault listens on ${host}: other machines can reach it. Keep no real secrets in it.`];
}

interface PreparedState {
  readonly snapshot: VaultSnapshot;
  readonly owner: VaultOwner;
  readonly warnings: readonly string[];
  readonly save: () => Promise<void>;
}

/** The stored vault, or a new one filled from the seed. */
async function prepareState(
  options: VaultOptions,
  file: StateFile | undefined,
  stored: VaultSnapshot | undefined,
  clock: Clock,
  random: Random,
): Promise<PreparedState> {
  const seed = stored === undefined ? await startingSeed(options) : undefined;
  const snapshot = stored ?? newVaultState(seed?.title ?? "", options.serverKeyIds ?? [10], random);
  const save = async (): Promise<void> => file?.save(snapshot);
  const owner = new VaultOwner({ keys: snapshot.owner, state: snapshot.server, random, clock, save });
  if (seed !== undefined) await owner.applySeed(seed);
  const ignored =
    stored !== undefined && (options.seed ?? options.seedFile ?? options.generate) !== undefined;
  return {
    snapshot,
    owner,
    save,
    warnings: [
      ...(seed?.unknown ?? []).map(
        ({ place, nearest }) =>
          `The seed's member ${place} is not known and was ignored${nearest === undefined ? "" : `; did you mean ${nearest}?`}`,
      ),
      ...(ignored ? ["The state file already holds a vault; the seed was ignored"] : []),
    ],
  };
}

function checkOptions(options: VaultOptions): void {
  const { host = "127.0.0.1", port = 0, tokens = 5, serverKeyIds = [10], maxBodyBytes = 1 } = options;
  if (host === "") throw wrongOption("host must not be empty");
  if (options.listen !== false && !isLoopback(host) && options.expose !== true) {
    throw wrongOption(
      `host names an address that other machines can reach: ${host}. Choose a loopback address, or permit it with expose (--expose)`,
    );
  }
  if (!isPort(port)) throw wrongOption("port must be 0 to 65535");
  if (!isPort(options.consolePort ?? 0)) throw wrongOption("consolePort must be 0 to 65535");
  if (options.console === true && options.listen === false) {
    throw wrongOption("console needs a listener: leave listen out");
  }
  if (!Number.isInteger(tokens) || tokens < 0 || tokens > 10_000)
    throw wrongOption("tokens must be 0 to 10000");
  if (serverKeyIds.length === 0 || serverKeyIds.some((id) => !Number.isSafeInteger(id) || id < 1)) {
    throw wrongOption("serverKeyIds must be positive integers");
  }
  if (!Number.isSafeInteger(maxBodyBytes) || maxBodyBytes < 1)
    throw wrongOption("maxBodyBytes must be positive");
}

function isPort(port: number): boolean {
  return Number.isInteger(port) && port >= 0 && port <= 65_535;
}

function wrongOption(sentence: string): VaultError {
  return new VaultError("ERR_VAULT_OPTION", `Option ${sentence}`);
}
