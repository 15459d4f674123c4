/**
 * The vaults that run on this machine, for commands that work on one: each keeps a file in a folder that only this
 * user can write.
 */
import { lstat, mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import process from "node:process";
import * as v from "valibot";
import { VaultError } from "../errors/vault-error.ts";
import { object } from "../schema/validate.ts";
import { integer, text } from "../schema/values.ts";

/** What a command needs to reach a running vault. */
export interface RunningVault {
  readonly pid: number;
  /** `http://127.0.0.1:<port>/` */
  readonly console: string;
  /** Private file with the console's token. */
  readonly tokenFile: string;
}

/** Only loopback: the token goes nowhere else, whatever a file says. */
const consoleUrl = /^http:\/\/127\.0\.0\.1:\d{1,5}\/$/;
const schema = object({
  pid: integer(1),
  console: v.pipe(v.string(), v.regex(consoleUrl)),
  tokenFile: text,
});

/** The well-known folder: `ksm-vault-<user>` in `XDG_RUNTIME_DIR`, else in the folder of temporary files. */
export function defaultRuntimeFolder(
  env: Readonly<Record<string, string | undefined>> = process.env,
): string {
  const { uid, username } = userInfo();
  const user = uid >= 0 ? String(uid) : username.replaceAll(/\W/g, "-");
  return join(env["XDG_RUNTIME_DIR"] || tmpdir(), `ksm-vault-${user}`);
}

/**
 * Adds a vault to the folder.
 *
 * @returns removes it again
 * @throws {VaultError} `ERR_VAULT_RUNTIME_FOLDER`
 */
export async function registerVault(folder: string, vault: RunningVault): Promise<() => Promise<void>> {
  const path = join(folder, `${new URL(vault.console).port}.json`);
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await requireOwnFolder(folder);
    // What is left of a vault that was killed has this name too, since its port is free again.
    await rm(path, { force: true });
    await writeFile(path, JSON.stringify(vault), { mode: 0o600, flag: "wx" });
  } catch (cause) {
    if (cause instanceof VaultError) throw cause;
    throw new VaultError("ERR_VAULT_RUNTIME_FOLDER", `Cannot write to the runtime folder ${folder}`, {
      cause,
    });
  }
  return () => rm(path, { force: true });
}

/**
 * Finds the running vault, or the one whose console has that address.
 *
 * @throws {VaultError} `ERR_VAULT_NOT_RUNNING`, `ERR_VAULT_RUNTIME_FOLDER`
 */
export async function findVault(folder: string, console?: string): Promise<RunningVault> {
  const running = await runningVaults(folder);
  const found =
    console === undefined ? running : running.filter((vault) => vault.console === withSlash(console));
  const [vault, another] = found;
  if (vault === undefined) {
    const where = console === undefined ? "No vault is running" : "No running vault has that console";
    throw new VaultError("ERR_VAULT_NOT_RUNNING", `${where}; start one with: ksm-vault start`);
  }
  if (another !== undefined) {
    const urls = found.map((each) => each.console).join(" or ");
    throw new VaultError(
      "ERR_VAULT_NOT_RUNNING",
      `Several vaults are running; choose one with --console ${urls}`,
    );
  }
  return vault;
}

async function runningVaults(folder: string): Promise<RunningVault[]> {
  let names: string[];
  try {
    await requireOwnFolder(folder);
    names = await readdir(folder);
  } catch (error) {
    if (error instanceof VaultError) throw error;
    return [];
  }
  const vaults: RunningVault[] = [];
  for (const name of names.toSorted()) {
    if (!/^\d+\.json$/.test(name)) continue;
    const path = join(folder, name);
    const vault = await readVault(path);
    if (vault === undefined) continue;
    if (isRunning(vault.pid)) vaults.push(vault);
    else await rm(path, { force: true });
  }
  return vaults;
}

/** `undefined` for a file that disappeared meanwhile or that no vault wrote. */
async function readVault(path: string): Promise<RunningVault | undefined> {
  try {
    const result = v.safeParse(schema, JSON.parse(await readFile(path, "utf8")));
    return result.success ? result.output : undefined;
  } catch {
    return undefined;
  }
}

/** In a folder that others can write, anybody could plant a vault. Windows has a folder per user. */
async function requireOwnFolder(folder: string): Promise<void> {
  const stats = await lstat(folder);
  const own = process.getuid === undefined || (stats.uid === process.getuid() && (stats.mode & 0o022) === 0);
  if (stats.isDirectory() && own) return;
  throw new VaultError(
    "ERR_VAULT_RUNTIME_FOLDER",
    `The runtime folder ${folder} is no folder of this user alone; remove it, or set XDG_RUNTIME_DIR`,
  );
}

/** Signal 0 checks for existence; a process of another user refuses it. */
function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}

function withSlash(url: string): string {
  return url.endsWith("/") ? url : `${url}/`;
}
