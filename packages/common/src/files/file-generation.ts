/**
 * The generation of a file that was there before it was replaced, kept under another name. Only the holder of
 * its lock may call these: the name of the temp file is always the same, so that none piles up.
 */
import { link, rename, unlink, writeFile } from "node:fs/promises";
import { systemErrorCode } from "./file-error.ts";

/**
 * Links the file `target` under the second name `path`, in place of the generation kept there.
 *
 * @returns false where the file system knows no second names, or `path` lies in another one
 */
export async function linkGeneration(target: string, path: string): Promise<boolean> {
  const temp = await freeName(path);
  try {
    await link(target, temp);
  } catch (error) {
    if (/^(?:EXDEV|EPERM|ENOSYS|ENOTSUP|EOPNOTSUPP|EMLINK)$/.test(systemErrorCode(error))) return false;
    throw error;
  }
  await rename(temp, path);
  // Renaming one name of a file onto another of the same file does nothing and leaves both.
  await remove(temp);
  return true;
}

/** Keeps a copy of `content` as `path`, mode 0600, durable. */
export async function copyGeneration(content: Uint8Array, path: string): Promise<void> {
  const temp = await freeName(path);
  await writeFile(temp, content, { flag: "wx", mode: 0o600, flush: true });
  await rename(temp, path);
}

/** Removes what is kept. */
export async function dropGeneration(path: string): Promise<void> {
  await remove(path);
  await freeName(path);
}

/** The temp file of a killed process may be a second name of the file itself: it is removed, never written to. */
async function freeName(path: string): Promise<string> {
  const temp = `${path}.tmp`;
  await remove(temp);
  return temp;
}

async function remove(path: string): Promise<void> {
  await unlink(path).catch((error: unknown) => {
    if (systemErrorCode(error) !== "ENOENT") throw error;
  });
}
