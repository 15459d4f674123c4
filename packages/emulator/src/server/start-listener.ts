/** Starts the vault's TLS listener with a certificate of its own, and keeps its files in one private folder. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { BlockList, isIP } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { VaultError } from "../errors/vault-error.ts";
import type { VaultService } from "./vault-service.ts";

/** Where to listen. */
export interface StartListenerOptions {
  readonly host: string;
  readonly port: number;
  readonly maxBodyBytes: number;
  readonly service: VaultService;
  /** Beginning of the certificate's validity, ms since epoch. */
  readonly now: number;
}

/** A running listener with its files. */
export interface VaultListener {
  /** Host and port for clients. */
  readonly hostname: string;
  /** Folder that only this user can read; removed by `close`. */
  readonly folder: string;
  /** PEM of the authority that signed the certificate. */
  readonly caFile: string;
  close(): Promise<void>;
}

/**
 * Starts listening.
 *
 * @throws {VaultError} `ERR_VAULT_LISTEN`
 */
export async function startListener(options: StartListenerOptions): Promise<VaultListener> {
  // Loaded here: a vault without sockets needs neither the certificate library nor its global polyfill.
  const { createServerCertificate } = await import("./certificates.ts");
  const { listen } = await import("./https-listener.ts");
  const { host, port, maxBodyBytes, service, now } = options;
  const certificate = await createServerCertificate(host, now);
  const listener = await listen({ host, port, certificate, service, maxBodyBytes });
  const folder = await mkdtemp(join(tmpdir(), "ksm-vault-"));
  const caFile = join(folder, "ca.pem");
  const close = async (): Promise<void> => {
    await Promise.all([listener.close(), rm(folder, { recursive: true, force: true })]);
  };
  try {
    await writeFile(caFile, certificate.authority, { mode: 0o600 });
  } catch (cause) {
    await close();
    throw new VaultError("ERR_VAULT_LISTEN", `Cannot write ${caFile}`, { cause });
  }
  return { hostname: `${advertisedHost(host)}:${listener.port}`, folder, caFile, close };
}

/**
 * True for addresses that only this machine reaches: `localhost`, 127.0.0.0/8, `::1`. Any other name could resolve to
 * anything, and an empty one means every address.
 */
export function isLoopback(host: string): boolean {
  const family = isIP(host);
  if (family === 0) return host.toLowerCase() === "localhost";
  const loopback = new BlockList();
  loopback.addSubnet("127.0.0.0", 8, "ipv4");
  loopback.addAddress("::1", "ipv6");
  return loopback.check(host, family === 4 ? "ipv4" : "ipv6");
}

/** The name under which clients reach the host: wildcard and common loopback addresses are `localhost`. */
function advertisedHost(host: string): string {
  if (["127.0.0.1", "0.0.0.0", "::", "::1"].includes(host)) return "localhost";
  return host.includes(":") ? `[${host}]` : host;
}
