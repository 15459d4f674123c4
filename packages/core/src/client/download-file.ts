/** Fetches the sealed content of a file and opens it (ksm-protocol section 10.8). */
import { Deadline, exchange, HttpError, type ExchangeLimits, type WaitOptions } from "@ksmkit/common";
import { AbortedError, RecordError } from "../errors/errors.ts";
import type { KsmFile } from "../records/ksm-file.ts";
import { openFileContent } from "../records/open-file.ts";
import type { ServiceClient } from "./service-client.ts";

/** Which of a file's two contents. */
export type FilePart = "url" | "thumbnailUrl";

/**
 * Downloads and opens a file's content or its thumbnail, wholly in memory.
 *
 * @throws {@link RecordError} `ERR_KSM_FILE_UNAVAILABLE`; {@link AbortedError} `ERR_KSM_ABORTED`
 */
export async function downloadFile(
  service: ServiceClient,
  file: KsmFile,
  part: FilePart,
  wait: WaitOptions,
): Promise<Uint8Array<ArrayBuffer>> {
  return openFileContent(file, await fetchContent(service, file, part, wait));
}

/**
 * Fetches the sealed content: whole, or with `receive` piece by piece.
 *
 * @param receive - takes the pieces as long as the deadline runs
 */
export async function fetchContent(
  { network, options }: ServiceClient,
  file: KsmFile,
  part: FilePart,
  wait: WaitOptions,
  receive?: (deadline: Deadline) => Pick<ExchangeLimits, "maxBytes" | "sink">,
): Promise<Uint8Array> {
  const url = file[part];
  if (url === undefined)
    throw unavailable(file, part === "url" ? "it has no content" : "it has no thumbnail");
  const timeoutMs = wait.timeoutMs ?? options.totalTimeoutMs ?? 600_000;
  const deadline = new Deadline({ signal: wait.signal, timeoutMs });
  const limits = receive?.(deadline) ?? { maxBytes: options.maxResponseBytes ?? 268_435_456 };
  try {
    const { status, bytes } = await exchange(
      network.fetch,
      url,
      { method: "GET", headers: {} },
      { deadline, ...limits },
    );
    if (status === 200) return bytes;
    const expired = status === 403 || status === 404;
    const hint = expired ? ": the address has expired, fetch the record again" : "";
    throw unavailable(file, `its place answered ${status}${hint}`);
  } catch (error) {
    if (!(error instanceof HttpError)) throw error;
    if (error.kind !== "aborted") throw unavailable(file, error.message, error);
    throw new AbortedError("The download was aborted.", { cause: error });
  } finally {
    deadline.stop();
  }
}

/** The error for content that cannot be had. */
export function unavailable(file: KsmFile, reason: string, cause?: HttpError): RecordError {
  return new RecordError("ERR_KSM_FILE_UNAVAILABLE", `File ${file.uid} cannot be read: ${reason}.`, {
    fileUid: file.uid,
    cause,
  });
}
