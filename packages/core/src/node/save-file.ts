/** Downloads to disk: nothing unproven ever has the final name (ksm-protocol sections 10.8 and 18.5). */
import { mkdir, open, rename, stat, unlink, type FileHandle } from "node:fs/promises";
import { dirname, join, resolve, sep } from "node:path";
import type { StreamFileOptions } from "../client/stream-file.ts";
import type { SecretsEditor } from "../client/secrets-editor.ts";
import { ArgumentError, RecordError } from "../errors/errors.ts";
import { generateUid } from "../generators/uid.ts";
import type { KsmFile } from "../records/ksm-file.ts";
import { ChunkWriter } from "./file-chunks.ts";
import { syncDirectory, systemErrorCode } from "@ksmkit/common/files";
import { safeFileName } from "./safe-file-name.ts";

/** Options of {@link saveFile}. */
export interface SaveFileOptions extends StreamFileOptions {
  /** Makes the folders that are missing. Default: false. */
  createFolders?: boolean | undefined;
  /**
   * Replaces a file that is there already. Default: true for a path that names the file, false in a folder,
   * where whoever wrote the record chose the name.
   */
  overwrite?: boolean | undefined;
}

/**
 * Downloads a file's content to disk within bounded memory. It is written to a temp file in the same folder,
 * readable by its owner only, proven whole and genuine, flushed, and only then renamed into place; on any failure
 * or abort the temp file is removed.
 *
 * @param path name of the file to write; or a folder (existing, or ending in a separator), which gets the
 *   file under its own name, made safe by {@link safeFileName}
 * @returns the path that was written
 * @throws {@link RecordError} `ERR_KSM_FILE_UNAVAILABLE`, `ERR_KSM_FILE_UNWRITABLE`; {@link AbortedError}
 * @example
 * ```ts
 * const [file] = record.files;
 * if (file) await saveFile(manager, file, "certs/", { createFolders: true });
 * ```
 */
export async function saveFile(
  manager: Pick<SecretsEditor, "streamFile">,
  file: KsmFile,
  path: string,
  options: SaveFileOptions = {},
): Promise<string> {
  const { createFolders = false, overwrite, ...streamOptions } = options;
  const target = await placeFor(file, path, options);
  const replace = overwrite ?? target.named;
  const folder = dirname(target.path);
  const temp = join(folder, `.ksmkit-${generateUid()}.part`);
  let writer: ChunkWriter | undefined;
  let handle: FileHandle | undefined;
  let claimed = false;
  try {
    if (createFolders) await onDisk(folder, mkdir(folder, { recursive: true }));
    // Found out before a long download instead of after it.
    if (!replace && (await exists(target.path)))
      throw unwritable(target.path, "it exists; set overwrite to replace it");
    handle = await onDisk(folder, open(temp, "wx", 0o600));
    const writing = (writer = new ChunkWriter(handle));
    const write = (chunk: Uint8Array): void | Promise<void> => {
      const full = writing.write(chunk);
      return full && onDisk(temp, full);
    };
    await manager.streamFile(file, write, streamOptions);
    await onDisk(temp, writer.flush());
    await onDisk(temp, handle.sync());
    await onDisk(temp, handle.close());
    if (!replace) {
      // Taken by an empty file first: renaming alone would replace one that has come meanwhile.
      const empty = await onDisk(target.path, open(target.path, "wx", 0o600));
      claimed = true;
      await onDisk(target.path, empty.close());
    }
    await onDisk(target.path, rename(temp, target.path));
  } catch (error) {
    if (handle !== undefined) {
      await writer?.settle();
      await handle.close().catch(() => {});
      await unlink(temp).catch(() => {});
      if (claimed) await unlink(target.path).catch(() => {});
    }
    throw error;
  }
  await syncDirectory(folder);
  return target.path;
}

async function placeFor(
  file: KsmFile,
  path: string,
  { thumbnail }: SaveFileOptions,
): Promise<{ path: string; named: boolean }> {
  if (typeof path !== "string" || path === "")
    throw new ArgumentError("The path to save to must be text that is not empty.");
  const isFolder = path.endsWith("/") || path.endsWith(sep) || (await isDirectory(path));
  if (!isFolder) return { path: resolve(path), named: true };
  const name = `${file.name ?? ""}${thumbnail ? ".thumbnail" : ""}`;
  return { path: resolve(path, safeFileName(name, file.uid)), named: false };
}

async function isDirectory(path: string): Promise<boolean> {
  return (await stat(path).catch(() => null))?.isDirectory() ?? false;
}

async function exists(path: string): Promise<boolean> {
  return (await stat(path).catch(() => null)) !== null;
}

async function onDisk<T>(path: string, work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    throw unwritable(path, systemErrorCode(error), error);
  }
}

function unwritable(path: string, reason: string, cause?: unknown): RecordError {
  return new RecordError("ERR_KSM_FILE_UNWRITABLE", `Cannot write file ${path}: ${reason}.`, { cause });
}
