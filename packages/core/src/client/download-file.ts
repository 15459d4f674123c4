/** Fetches the sealed content of a file and opens it (ksm-protocol section 10.8). */
import {
  Deadline,
  exchange,
  HttpError,
  type ExchangeAnswer,
  type FetchLike,
  type WaitOptions,
} from "@ksmkit/common";
import { AbortedError } from "../errors/aborted-error.ts";
import { RecordError } from "../errors/record-error.ts";
import type { KsmFile } from "../records/ksm-file.ts";
import { openFileContent } from "../records/open-file.ts";

/** How a download reaches the network. */
export interface DownloadOptions extends WaitOptions {
  fetch: FetchLike;
  /** Largest sealed content in bytes. */
  maxBytes: number;
}

/**
 * Downloads and opens a file's content or its thumbnail, wholly in memory.
 *
 * @throws {@link RecordError} `ERR_KSM_FILE_UNAVAILABLE`; {@link AbortedError} `ERR_KSM_ABORTED`
 */
export async function downloadFile(
  file: KsmFile,
  part: "url" | "thumbnailUrl",
  options: DownloadOptions,
): Promise<Uint8Array<ArrayBuffer>> {
  const url = file[part];
  if (url === undefined)
    throw unavailable(file, part === "url" ? "it has no content" : "it has no thumbnail");
  const { status, bytes } = await fetchSealed(file, url, options);
  if (status === 403 || status === 404) {
    throw unavailable(file, `its place answered ${status}: the address has expired, fetch the record again`);
  }
  if (status !== 200) throw unavailable(file, `its place answered ${status}`);
  return openFileContent(file, bytes);
}

async function fetchSealed(file: KsmFile, url: string, options: DownloadOptions): Promise<ExchangeAnswer> {
  const deadline = new Deadline(options);
  try {
    const limits = { deadline, maxBytes: options.maxBytes };
    return await exchange(options.fetch, url, { method: "GET", headers: {} }, limits);
  } catch (error) {
    if (!(error instanceof HttpError)) throw error;
    if (error.kind !== "aborted") throw unavailable(file, error.message, error);
    throw new AbortedError("ERR_KSM_ABORTED", "The download was aborted.", { cause: error });
  } finally {
    deadline.stop();
  }
}

function unavailable(file: KsmFile, reason: string, cause?: HttpError): RecordError {
  return new RecordError("ERR_KSM_FILE_UNAVAILABLE", `File ${file.uid} cannot be read: ${reason}.`, {
    cause,
  });
}
