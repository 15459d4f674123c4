/** Sends the sealed content of a file to its place: one form, piece by piece where possible (ksm-protocol section 10.7). */
import {
  concatBytes,
  Deadline,
  exchange,
  HttpError,
  type FetchRequest,
  type WaitOptions,
} from "@ksmkit/common";
import { provider } from "#crypto";
import { gcmStream } from "#gcm-stream";
import type { GcmSealer } from "../crypto/gcm-stream.ts";
import { generateUid } from "../generators/uid.ts";
import type { WireUpload } from "../protocol/wire.ts";
import { formFrame } from "../transport/form-body.ts";
import { checkFileAddress } from "../transport/file-address.ts";
import { sealedOverhead } from "./download-file.ts";
import type { ServiceClient } from "./service-client.ts";
import type { FileProgress, FileSource } from "./file-source.ts";

/** What {@link sendFile} sends. */
export interface FileToSend {
  source: FileSource;
  fileKey: Uint8Array;
  onProgress: ((progress: FileProgress) => void) | undefined;
  wait: WaitOptions;
  /** Makes the error for whatever goes wrong. */
  failure: (what: string, cause?: unknown) => Error;
}

/** What is sent as a whole even where it need not be: not every transport knows streams. */
const smallFile = 0x10_0000;

/** Sends content; throws what `failure` makes unless the place takes it. */
export async function sendFile(
  { network, options, random, deviceConfig }: ServiceClient,
  place: WireUpload | null,
  { source, fileKey, onProgress, wait, failure }: FileToSend,
): Promise<void> {
  if (place === null) throw failure("the service named no place for it");
  const hostname = async (): Promise<string> => (await deviceConfig.open()).identity.hostname;
  const target = await checkFileAddress(place.url, hostname);
  if ("refused" in target) throw failure(`the service named a place for it, but ${target.refused}`);
  const { size } = source;
  const { head, tail, contentType } = formFrame(place.parameters, `ksmkit-${generateUid({ random })}`);
  const timeoutMs = wait.timeoutMs ?? options.totalTimeoutMs ?? 600_000;
  const deadline = new Deadline({ signal: wait.signal, timeoutMs });
  // What goes wrong on this side would look like a broken connection from the other.
  let fault: Error | undefined;
  const content = checked(source, onProgress, (what, cause) => (fault = failure(what, cause)));
  const sealer = size > smallFile ? gcmStream?.createSealer(fileKey) : undefined;
  try {
    const body: Pick<FetchRequest, "body" | "duplex"> = sealer
      ? { body: streamOf(sealed(head, sealer, content, tail)), duplex: "half" }
      : {
          body: concatBytes(head, await provider.sealGcm(fileKey, await deadline.race(whole(content))), tail),
        };
    const { status } = await exchange(
      network.fetch,
      target.url,
      {
        method: "POST",
        headers: {
          "Content-Type": contentType,
          // Many object stores refuse a body of unknown length.
          "Content-Length": String(head.length + size + sealedOverhead + tail.length),
        },
        ...body,
      },
      { deadline, maxBytes: 0x10_0000 },
    );
    const { successStatusCode = status >= 200 && status < 300 ? status : 0 } = place;
    if (status !== successStatusCode) throw (fault = failure(`its place answered ${status}`));
  } catch (error) {
    if (fault !== undefined) throw fault;
    if (deadline.end !== undefined) {
      const why = deadline.end === "aborted" ? "was aborted" : `took longer than ${timeoutMs} ms`;
      throw failure(`the upload ${why}`, error);
    }
    throw HttpError.isInstance(error) ? failure(error.message, error) : error;
  } finally {
    deadline.stop();
    // Lets go of a source that was not read to its end; it may be one that never answers.
    void content.return().catch(() => {});
  }
}

/** The content, as long as it is what was announced. */
async function* checked(
  { chunks, size }: FileSource,
  onProgress: ((progress: FileProgress) => void) | undefined,
  fail: (what: string, cause?: unknown) => Error,
): AsyncGenerator<Uint8Array, void, void> {
  let bytes = 0;
  try {
    for await (const chunk of chunks) {
      bytes += chunk instanceof Uint8Array ? chunk.length : Infinity;
      if (bytes > size) break;
      yield chunk;
      onProgress?.({ bytes, total: size });
    }
  } catch (error) {
    throw fail("reading its content failed", error);
  }
  if (bytes !== size) throw fail(`its content is not the ${size} bytes that were announced`);
}

async function* sealed(
  head: Uint8Array<ArrayBuffer>,
  sealer: GcmSealer,
  content: AsyncIterable<Uint8Array>,
  tail: Uint8Array<ArrayBuffer>,
): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  yield concatBytes(head, sealer.nonce);
  for await (const chunk of content) yield sealer.update(chunk);
  yield concatBytes(sealer.end(), tail);
}

/** Copies: a source may use the same memory for each chunk. */
async function whole(chunks: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  for await (const chunk of chunks) parts.push(new Uint8Array(chunk));
  return concatBytes(...parts);
}

/** A pull stream: nothing is sealed before there is room for it. */
function streamOf(chunks: AsyncGenerator<Uint8Array<ArrayBuffer>>): ReadableStream<Uint8Array<ArrayBuffer>> {
  return new ReadableStream({
    async pull(controller) {
      const { done, value } = await chunks.next();
      if (done) controller.close();
      else controller.enqueue(value);
    },
    async cancel() {
      await chunks.return(undefined);
    },
  });
}
