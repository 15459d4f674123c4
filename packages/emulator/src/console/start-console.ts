/** Starts the console of a vault: its server, and the private file with the token for changes. */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { encodeBase64Url, type Random } from "@ksmkit/common";
import { VaultError } from "../errors/vault-error.ts";
import type { VaultOwner } from "../owner/vault-owner.ts";
import type { RequestLogEntry } from "../vault/request-log.ts";
import type { KsmFacts } from "../vault.ts";
import { ConsoleApi } from "./console-api.ts";
import { type ConsoleServer, serveConsole } from "./console-server.ts";

/** What the console is started with. */
export interface ConsoleOptions {
  /** Private folder of the vault's files. */
  readonly folder: string;
  /** 0 lets the system choose. */
  readonly port: number;
  readonly owner: VaultOwner;
  readonly log: readonly RequestLogEntry[];
  readonly facts: () => KsmFacts;
  readonly random: Random;
}

/** A running console with its token file. */
export interface VaultConsole extends ConsoleServer {
  readonly tokenFile: string;
}

/**
 * Starts the console.
 *
 * @throws {VaultError} `ERR_VAULT_LISTEN`
 */
export async function startConsole(options: ConsoleOptions): Promise<VaultConsole> {
  const { folder, port, owner, log, facts, random } = options;
  const token = encodeBase64Url(random(32));
  const tokenFile = join(folder, "console-token");
  let devices = 0;
  const api = new ConsoleApi({
    owner,
    log,
    server: () => serverVariables(facts()),
    newConfigFile: () => join(folder, `device-${++devices}.json`),
  });
  try {
    await writeFile(tokenFile, token, { mode: 0o600, flag: "wx" });
  } catch (cause) {
    throw new VaultError("ERR_VAULT_LISTEN", `Cannot write the console token to ${tokenFile}`, { cause });
  }
  return { ...(await serveConsole({ api, port, token })), tokenFile };
}

/** `NODE_EXTRA_CA_CERTS` is for other programs on Node; `KSM_CA_FILE` also works in a process that runs already. */
function serverVariables({
  hostname,
  serverPublicKey,
  serverPublicKeyId,
  caFile,
}: KsmFacts): Record<string, string> {
  return {
    KSM_HOSTNAME: hostname,
    KSM_SERVER_PUBLIC_KEY: serverPublicKey,
    KSM_SERVER_PUBLIC_KEY_ID: serverPublicKeyId,
    ...(caFile === undefined ? {} : { KSM_CA_FILE: caFile, NODE_EXTRA_CA_CERTS: caFile }),
  };
}
