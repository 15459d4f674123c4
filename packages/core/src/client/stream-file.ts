/** Fetches the sealed content of a file and opens it piece by piece (ksm-protocol section 10.8). */
import { flagOption, functionOption, isPromise, type OptionChecks, type WaitOptions } from "@ksmkit/common";
import { gcmStream } from "#gcm-stream";
import { BlobOpener } from "../crypto/blob-opener.ts";
import { requireFunction, requireInstance, requireOptions, waitChecks } from "../errors/require-options.ts";
import { KeyHolder, KsmFile } from "../records/ksm-file.ts";
import type { ServiceClient } from "./service-client.ts";
import {
  damaged,
  downloadFile,
  fetchContent,
  sealedOverhead,
  unavailable,
  type FilePart,
} from "./download-file.ts";
import { maxFileBytes, type FileProgress } from "./file-source.ts";

/** What a file may be longer than its metadata says, since those are not part of what the content proves. */
const slack = 65_536;

/** Options of {@link SecretsManager.streamFile}. */
export interface StreamFileOptions extends WaitOptions {
  /** Reads the thumbnail instead of the content. Default: false. */
  thumbnail?: boolean | undefined;
  /** Called after each piece. What it throws ends the download. */
  onProgress?: ((progress: FileProgress) => void) | undefined;
}

/** Checks of {@link StreamFileOptions}. */
export const streamChecks: OptionChecks<StreamFileOptions> = {
  thumbnail: flagOption,
  onProgress: functionOption,
  ...waitChecks,
};

/**
 * Downloads and opens a file piece by piece; where the platform opens wholes only, in one piece. What `write`
 * receives is proven only when the promise resolves.
 *
 * @throws {@link RecordError} `ERR_KSM_FILE_UNAVAILABLE`; {@link AbortedError} `ERR_KSM_ABORTED`; what `write` throws
 */
export async function streamFile(
  service: ServiceClient,
  file: KsmFile,
  write: (chunk: Uint8Array) => unknown,
  options: StreamFileOptions,
): Promise<void> {
  requireInstance(file, KsmFile, "file", "a file of a record");
  requireFunction(write, "write");
  requireOptions(options, streamChecks, "streamFile");
  const { thumbnail = false, onProgress, ...wait } = options;
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
  if (gcmStream === undefined) return take(await downloadFile(service, file, part, wait));
  const opener = new BlobOpener(KeyHolder.keyOf(file), gcmStream);
  const open = (chunk: Uint8Array): void | Promise<void> => {
    // Waiting costs more than most chunks do, so it is done only where it is asked for.
    let taking: void | Promise<void> = undefined;
    for (const opened of opener.push(chunk)) {
      taking = taking === undefined ? take(opened) : taking.then(() => take(opened));
    }
    return taking;
  };
  await receiveContent(service, file, part, wait, open);
  if (!opener.end()) throw unavailable(file, damaged);
}

/** Hands over the sealed pieces. What `take` throws is the caller's own, whatever the exchange makes of it. */
async function receiveContent(
  service: ServiceClient,
  file: KsmFile,
  part: FilePart,
  wait: WaitOptions,
  take: (chunk: Uint8Array) => void | Promise<void>,
): Promise<void> {
  let thrown: { error: unknown } | undefined;
  const fail = (error: unknown): never => {
    thrown = { error };
    throw error;
  };
  try {
    await fetchContent(service, file, part, wait, (deadline) => ({
      // A service that sends more than it announced fills no disk. Thumbnails have no length of their own.
      maxBytes:
        (part === "url" && file.size !== undefined ? file.size + slack : maxFileBytes) + sealedOverhead,
      sink(chunk) {
        // The caller has its answer already.
        if (deadline.end !== undefined) return undefined;
        try {
          return take(chunk)?.catch(fail);
        } catch (error) {
          return fail(error);
        }
      },
    }));
  } catch (error) {
    throw thrown === undefined ? error : thrown.error;
  }
}
