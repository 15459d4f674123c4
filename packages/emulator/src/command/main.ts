/** Runs `ksm-vault` over streams and signals that are passed in. */
import { createRequire } from "node:module";
import { readFile } from "node:fs/promises";
import process from "node:process";
import { CodedError, printable } from "@ksmkit/common";
import type { RequestLogEntry } from "../vault/request-log.ts";
import { startVault, type VaultOptions } from "../start-vault.ts";
import type { Vault } from "../vault.ts";
import { readArguments, help } from "./arguments.ts";
import { runControl } from "./control.ts";
import { defaultRuntimeFolder, findVault, registerVault } from "./running-vaults.ts";

/** The standard streams and signals that the command uses. */
export interface CommandIo {
  readonly argv: readonly string[];
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
  /** Resolves when the process receives a signal to end. Called once, before the vault starts. */
  readonly stopped: () => Promise<void>;
  /** Where running vaults are found. Default: the user's well-known folder. */
  readonly runtimeFolder?: string;
}

/** Runs the command; resolves with the exit code: 0 done, 1 failed, 2 wrong usage. */
export async function main(io: CommandIo): Promise<number> {
  try {
    const request = readArguments(io.argv);
    if (request.action === "help") io.out(help);
    if (request.action === "version") io.out(`${await version()}\n`);
    if (request.action === "start") await start(io, request.options, request.verbose);
    if (request.action === "control") {
      const vault = await findVault(io.runtimeFolder ?? defaultRuntimeFolder(), request.console);
      io.out(await runControl(vault, request.command));
    }
    return 0;
  } catch (error) {
    if (!CodedError.isInstance(error)) throw error;
    io.err(`ksm-vault: ${printable(error.message, 2000)}\n`);
    return error.code === "ERR_VAULT_OPTION" ? 2 : 1;
  }
}

async function start(io: CommandIo, options: VaultOptions, verbose: boolean): Promise<void> {
  const stopped = io.stopped();
  const onRequest = (entry: RequestLogEntry): void => io.err(requestLine(entry));
  // No `using`: Node 20, where the command must run, does not know the syntax.
  const vault = await startVault(verbose ? { ...options, onRequest } : options);
  let unregister: (() => Promise<void>) | undefined;
  try {
    for (const warning of vault.warnings) io.err(`ksm-vault: ${printable(warning)}\n`);
    unregister = await register(io, vault);
    const { ksm, console } = vault;
    io.out(`${JSON.stringify({ ready: true, ksm, ...(console === undefined ? {} : { console }) })}\n`);
    await stopped;
  } finally {
    await unregister?.();
    await vault.close();
  }
}

/** Makes the vault known to the other commands. A vault that cannot be found is still a vault. */
async function register(io: CommandIo, vault: Vault): Promise<(() => Promise<void>) | undefined> {
  const { console, consoleTokenFile: tokenFile } = vault;
  if (console === undefined || tokenFile === undefined) return undefined;
  io.err(`ksm-vault: console ${console}, token for changes in ${tokenFile}\n`);
  try {
    const running = { pid: process.pid, console, tokenFile };
    return await registerVault(io.runtimeFolder ?? defaultRuntimeFolder(), running);
  } catch (error) {
    if (!CodedError.isInstance(error)) throw error;
    io.err(`ksm-vault: ${error.message}; ksm-vault token, records, add and env will not find this vault\n`);
    return undefined;
  }
}

function requestLine(entry: RequestLogEntry): string {
  const time = new Date(entry.at).toISOString();
  const faults = entry.faults.length === 0 ? "" : ` faults=${entry.faults.join(",")}`;
  const who = entry.client === undefined ? "" : ` client=${entry.client}`;
  const line = `${time} ${entry.endpoint} ${entry.status ?? "dropped"} ${entry.outcome}${who}${faults}`;
  return `${printable(line, 1000)}\n`;
}

async function version(): Promise<string> {
  const manifest: unknown = JSON.parse(
    await readFile(createRequire(import.meta.url).resolve("@ksmkit/emulator/package.json"), "utf8"),
  );
  const known = typeof manifest === "object" && manifest !== null && "version" in manifest;
  return known ? String(manifest.version) : "unknown";
}
