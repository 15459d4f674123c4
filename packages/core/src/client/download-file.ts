/** Fetches the sealed content of a file and opens it (ksm-protocol section 10.8). */
import { gcmStream } from "#gcm-stream";
import { Deadline, exchange, HttpError, type ExchangeLimits, type WaitOptions } from "@ksmkit/common";
import { AbortedError, RecordError } from "../errors/errors.ts";
import { requireInstance, requireOptions, waitChecks } from "../errors/require-options.ts";
import { KsmFile, KeyHolder, openFileContent } from "../records/ksm-file.ts";
import { BlobOpener } from "../crypto/blob-opener.ts";
import { checkFileAddress } from "../transport/file-address.ts";
import { ContentBuffer } from "./content-buffer.ts";
import type { ServiceClient } from "./service-client.ts";

const defaultMaxBytes = 0x1000_0000;

/** Why content that does not open cannot be read. */
export const damaged = "its content is damaged or belongs to another file";

/** Which of a file's two contents. */
export type FilePart = "url" | "thumbnailUrl";

/** Bytes by which sealed content is longer: nonce and tag. */
export const sealedOverhead = 28;

/**
 * Downloads and opens a file's content or its thumbnail, wholly in memory: into one buffer of the announced size where
 * the platform opens content piece by piece. Nothing of it is returned before the tag has proven it.
 *
 * @throws {@link RecordError} `ERR_KSM_FILE_UNAVAILABLE`; {@link AbortedError} `ERR_KSM_ABORTED`
 */
export async function downloadFile(
  service: ServiceClient,
  file: KsmFile,
  part: FilePart,
  wait: WaitOptions,
): Promise<Uint8Array<ArrayBuffer>> {
  requireInstance(file, KsmFile, "file", "a file of a record");
  requireOptions(wait, waitChecks, "downloadFile");
  if (gcmStream === undefined) return openFileContent(file, await fetchContent(service, file, part, wait));
  const { maxResponseBytes: maxBytes = defaultMaxBytes } = service.options;
  const opener = new BlobOpener(KeyHolder.keyOf(file), gcmStream);
  const hint = part === "url" ? file.size : undefined;
  let content: ContentBuffer | undefined;
  await fetchContent(service, file, part, wait, () => ({
    maxBytes,
    sink(chunk, announced) {
      content ??= new ContentBuffer(announced === undefined ? hint : announced - sealedOverhead, maxBytes);
      for (const opened of opener.push(chunk)) content.append(opened);
    },
  }));
  if (!opener.end()) throw unavailable(file, damaged);
  return content?.finish() ?? new Uint8Array();
}

/**
 * Fetches the sealed content: whole, or with `receive` piece by piece.
 *
 * @param receive - takes the pieces as long as the deadline runs
 */
export async function fetchContent(
  { network, options, deviceConfig }: ServiceClient,
  file: KsmFile,
  part: FilePart,
  wait: WaitOptions,
  receive?: (deadline: Deadline) => Pick<ExchangeLimits, "maxBytes" | "sink">,
): Promise<Uint8Array> {
  const address = file[part];
  if (address === undefined)
    throw unavailable(file, part === "url" ? "it has no content" : "it has no thumbnail");
  const timeoutMs = wait.timeoutMs ?? options.totalTimeoutMs ?? 600_000;
  const deadline = new Deadline({ signal: wait.signal, timeoutMs });
  const limits = receive?.(deadline) ?? { maxBytes: options.maxResponseBytes ?? defaultMaxBytes };
  try {
    const hostname = async (): Promise<string> =>
      (await deadline.race(deviceConfig.open())).identity.hostname;
    const checked = await checkFileAddress(address, hostname);
    if ("refused" in checked) throw unavailable(file, checked.refused);
    const { status, bytes } = await exchange(
      network.fetch,
      checked.url,
      { method: "GET", headers: {} },
      { deadline, mayRepeat: true, ...limits },
    );
    if (status === 200) return bytes;
    const expired = status === 403 || status === 404;
    const hint = expired ? ": the address has expired, fetch the record again" : "";
    throw unavailable(file, `its place answered ${status}${hint}`);
  } catch (error) {
    if (!HttpError.isInstance(error)) throw error;
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
