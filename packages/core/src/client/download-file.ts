/** Fetches the sealed content of a file and opens it (ksm-protocol section 10.8). */
import { Deadline, exchange, HttpError, isPromise, type WaitOptions } from "@ksmkit/common";
import { provider } from "#crypto";
import { BlobOpener } from "../crypto/blob-opener.ts";
import { AbortedError } from "../errors/aborted-error.ts";
import { RecordError } from "../errors/record-error.ts";
import { KeyHolder } from "../records/key-holder.ts";
import type { KsmFile } from "../records/ksm-file.ts";
import { openFileContent } from "../records/open-file.ts";
import type { Connection } from "./connection.ts";
import { maxFileBytes, type FileProgress } from "./file-source.ts";
import { sealedOverhead } from "./send-file.ts";

/** Options of {@link SecretsManager.streamFile}. */
export interface StreamFileOptions extends WaitOptions {
  /** Reads the thumbnail instead of the content. Default: false. */
  thumbnail?: boolean | undefined;
  /** Told after each piece. What it throws ends the download. */
  onProgress?: ((progress: FileProgress) => void) | undefined;
}

/** Which of a file's two contents. */
export type FilePart = "url" | "thumbnailUrl";

/**
 * Downloads and opens a file's content or its thumbnail, wholly in memory.
 *
 * @throws {@link RecordError} `ERR_KSM_FILE_UNAVAILABLE`; {@link AbortedError} `ERR_KSM_ABORTED`
 */
export async function downloadFile(
  connection: Connection,
  file: KsmFile,
  part: FilePart,
  wait: WaitOptions,
): Promise<Uint8Array<ArrayBuffer>> {
  return openFileContent(file, await fetchContent(connection, file, part, wait));
}

/**
 * Downloads and opens a file piece by piece; where the platform opens wholes only, in one piece. What `write`
 * receives is proven only when the promise resolves.
 *
 * @throws {@link RecordError} `ERR_KSM_FILE_UNAVAILABLE`; {@link AbortedError} `ERR_KSM_ABORTED`; what `write` throws
 */
export async function streamFile(
  connection: Connection,
  file: KsmFile,
  write: (chunk: Uint8Array) => unknown,
  { thumbnail = false, onProgress, ...wait }: StreamFileOptions,
): Promise<void> {
  const part = thumbnail ? "thumbnailUrl" : "url";
  const total = thumbnail ? undefined : file.size;
  let bytes = 0;
  const take = (chunk: Uint8Array): void | Promise<void> => {
    // What `write` keeps it may free.
    const { length } = chunk;
    const taken = (): void => {
      bytes += length;
      onProgress?.({ bytes, total });
    };
    const writing = write(chunk);
    return isPromise(writing) ? Promise.resolve(writing).then(taken) : taken();
  };
  const { createGcmOpener } = provider;
  if (createGcmOpener === undefined) return take(await downloadFile(connection, file, part, wait));
  const opener = new BlobOpener(KeyHolder.keyOf(file), createGcmOpener);
  await fetchContent(connection, file, part, wait, (chunk) => {
    // Waiting costs more than most chunks do, so it is done only where somebody asks for it.
    let taking: void | Promise<void> = undefined;
    for (const opened of opener.push(chunk)) {
      taking = taking === undefined ? take(opened) : taking.then(() => take(opened));
    }
    return taking;
  });
  if (!opener.end()) throw unavailable(file, "its content is damaged or belongs to another file");
}

async function fetchContent(
  { network, options }: Connection,
  file: KsmFile,
  part: FilePart,
  wait: WaitOptions,
  sink?: (chunk: Uint8Array) => void | Promise<void>,
): Promise<Uint8Array> {
  const url = file[part];
  if (url === undefined)
    throw unavailable(file, part === "url" ? "it has no content" : "it has no thumbnail");
  const timeoutMs = wait.timeoutMs ?? options.totalTimeoutMs ?? 600_000;
  const deadline = new Deadline({ signal: wait.signal, timeoutMs });
  // What the caller's own code throws is the caller's, whatever the exchange makes of it.
  let thrown: { error: unknown } | undefined;
  const fail = (error: unknown): never => {
    thrown = { error };
    throw error;
  };
  const guarded = (chunk: Uint8Array): void | Promise<void> => {
    // The caller has its answer already.
    if (deadline.end !== undefined) return undefined;
    try {
      return sink?.(chunk)?.catch(fail);
    } catch (error) {
      return fail(error);
    }
  };
  try {
    const { status, bytes } = await exchange(
      network.fetch,
      url,
      { method: "GET", headers: {} },
      {
        deadline,
        ...(sink
          ? { maxBytes: maxFileBytes + sealedOverhead, sink: guarded }
          : { maxBytes: options.maxResponseBytes ?? 268_435_456 }),
      },
    );
    if (status === 200) return bytes;
    const expired = status === 403 || status === 404;
    const hint = expired ? ": the address has expired, fetch the record again" : "";
    throw unavailable(file, `its place answered ${status}${hint}`);
  } catch (error) {
    if (thrown !== undefined) throw thrown.error;
    if (!(error instanceof HttpError)) throw error;
    if (error.kind !== "aborted") throw unavailable(file, error.message, error);
    throw new AbortedError("ERR_KSM_ABORTED", "The download was aborted.", { cause: error });
  } finally {
    deadline.stop();
  }
}

function unavailable(file: KsmFile, reason: string, cause?: HttpError): RecordError {
  return new RecordError("ERR_KSM_FILE_UNAVAILABLE", `File ${file.uid} cannot be read: ${reason}.`, {
    fileUid: file.uid,
    cause,
  });
}
