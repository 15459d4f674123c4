/** The generation of a file that was there before it was replaced, kept under another name. */
import { randomBytes } from "node:crypto";
import { link, rename, stat, unlink, writeFile } from "node:fs/promises";
import { systemErrorCode } from "./read-file.ts";

/** Whether a generation with content is kept. */
export async function hasGeneration(path: string): Promise<boolean> {
  return ((await stat(path).catch(() => null))?.size ?? 0) > 0;
}

/**
 * Gives the file `target` the second name `path`, in place of the generation kept there.
 *
 * @returns false where the file system knows no second names, or `path` lies in another one
 */
export async function linkGeneration(target: string, path: string): Promise<boolean> {
  const temp = tempName(path);
  try {
    await link(target, temp);
  } catch (error) {
    if (/^(?:EXDEV|EPERM|ENOSYS|ENOTSUP|EOPNOTSUPP|EMLINK)$/.test(systemErrorCode(error))) return false;
    throw error;
  }
  await moveInto(temp, path);
  return true;
}

/** Keeps a copy of `content` as `path`, mode 0600, durable. */
export async function copyGeneration(content: Uint8Array, path: string): Promise<void> {
  const temp = tempName(path);
  await writeFile(temp, content, { flag: "wx", mode: 0o600, flush: true });
  await moveInto(temp, path);
}

/** Removes what is kept. */
export async function dropGeneration(path: string): Promise<void> {
  await unlink(path).catch((error: unknown) => {
    if (systemErrorCode(error) !== "ENOENT") throw error;
  });
}

async function moveInto(temp: string, path: string): Promise<void> {
  try {
    await rename(temp, path);
  } finally {
    // Renaming one name of a file onto another of the same file does nothing and leaves both.
    await unlink(temp).catch(() => {});
  }
}

function tempName(path: string): string {
  return `${path}.${randomBytes(8).toString("hex")}.tmp`;
}
