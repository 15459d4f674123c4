/** Where a user's caches live, as each system has it. */
import { homedir } from "node:os";
import { join, resolve } from "node:path";

/** Variables that say where caches go. */
export type CacheEnvironment = Readonly<Record<string, string | undefined>>;

/**
 * The directory for caches: `KSM_CACHE_DIR` as the vendor's SDKs have it, else `ksmkit` in the user's own cache
 * directory (`XDG_CACHE_HOME` or `~/.cache`, `~/Library/Caches`, `%LOCALAPPDATA%`).
 */
export function cacheDirectory(
  env: CacheEnvironment = process.env,
  platform: string = process.platform,
): string {
  const named = env["KSM_CACHE_DIR"];
  if (named) return resolve(named);
  if (platform === "win32") return join(env["LOCALAPPDATA"] || join(homedir(), "AppData", "Local"), "ksmkit");
  if (platform === "darwin") return join(homedir(), "Library", "Caches", "ksmkit");
  return join(env["XDG_CACHE_HOME"] || join(homedir(), ".cache"), "ksmkit");
}
