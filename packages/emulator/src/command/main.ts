/** Runs `ksm-vault` over streams and signals that are passed in. */
import { createRequire } from "node:module";
import { readFile } from "node:fs/promises";
import { CodedError } from "@ksmkit/common";
import type { RequestLogEntry } from "../vault/request-log.ts";
import { startVault } from "../start-vault.ts";
import { readArguments, help } from "./arguments.ts";

/** The standard streams and signals that the command uses. */
export interface CommandIo {
  readonly argv: readonly string[];
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
  /** Resolves when the process receives a signal to end. Called once, before the vault starts. */
  readonly stopped: () => Promise<void>;
}

/** Runs the command; resolves with the exit code: 0 done, 1 failed, 2 wrong usage. */
export async function main(io: CommandIo): Promise<number> {
  try {
    const request = readArguments(io.argv);
    if (request.action === "help") io.out(help);
    if (request.action === "version") io.out(`${await version()}\n`);
    if (request.action === "start") {
      const stopped = io.stopped();
      const { options, verbose } = request;
      const onRequest = (entry: RequestLogEntry): void => io.err(requestLine(entry));
      // No `using`: Node 20, where the command must run, does not know the syntax.
      const vault = await startVault(verbose ? { ...options, onRequest } : options);
      try {
        for (const warning of vault.warnings) io.err(`ksm-vault: ${warning}\n`);
        io.out(`${JSON.stringify({ ready: true, ksm: vault.ksm })}\n`);
        await stopped;
      } finally {
        await vault.close();
      }
    }
    return 0;
  } catch (error) {
    if (!CodedError.isInstance(error)) throw error;
    io.err(`ksm-vault: ${error.message}\n`);
    return error.code === "ERR_VAULT_OPTION" ? 2 : 1;
  }
}

function requestLine(entry: RequestLogEntry): string {
  const time = new Date(entry.at).toISOString();
  const faults = entry.faults.length === 0 ? "" : ` faults=${entry.faults.join(",")}`;
  const who = entry.client === undefined ? "" : ` client=${entry.client}`;
  return `${time} ${entry.endpoint} ${entry.status ?? "dropped"} ${entry.outcome}${who}${faults}\n`;
}

async function version(): Promise<string> {
  const manifest: unknown = JSON.parse(
    await readFile(createRequire(import.meta.url).resolve("@ksmkit/emulator/package.json"), "utf8"),
  );
  const known = typeof manifest === "object" && manifest !== null && "version" in manifest;
  return known ? String(manifest.version) : "unknown";
}
