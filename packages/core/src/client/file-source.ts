/** The content of a file to upload, whatever form it comes in, as chunks of a known total. */
import { ArgumentError } from "../errors/errors.ts";

/** Content of a file to upload. */
export type FileData = Uint8Array | Blob | ReadableStream<Uint8Array> | AsyncIterable<Uint8Array>;

/** How far a transfer is, in bytes of the file's content. */
export interface FileProgress {
  readonly bytes: number;
  /** `undefined` when it is not known. */
  readonly total: number | undefined;
}

/** Content with its length. */
export interface FileSource {
  readonly size: number;
  readonly chunks: AsyncIterable<Uint8Array>;
}

/** Bytes of one GCM nonce at most (NIST SP 800-38D section 5.2.1.1). */
export const maxFileBytes: number = 2 ** 36 - 32;

// Large enough that the calls per chunk cost little, small enough that a few of them do not matter.
const chunkBytes = 262_144;

/**
 * Takes content apart.
 *
 * @throws {@link ArgumentError} `ERR_KSM_ARGUMENT_INVALID` for anything else than content, and for a stream
 *   without a size
 */
export function fileSource(data: FileData, givenSize: number | undefined): FileSource {
  const known = data instanceof Uint8Array ? data.length : data instanceof Blob ? data.size : givenSize;
  if (known === undefined || !Number.isSafeInteger(known) || known < 0 || known > maxFileBytes) {
    throw new ArgumentError("Option size must be the number of bytes when data is a stream.");
  }
  if (givenSize !== undefined && givenSize !== known)
    throw new ArgumentError("Option size is not the length of data.");
  return { size: known, chunks: chunksOf(data, known) };
}

function chunksOf(data: FileData, size: number): AsyncIterable<Uint8Array> {
  if (data instanceof Uint8Array) return slices(size, (from, to) => data.subarray(from, to));
  if (data instanceof Blob) {
    return slices(size, async (from, to) => new Uint8Array(await data.slice(from, to).arrayBuffer()));
  }
  // Not every browser can iterate over a stream.
  if (data instanceof ReadableStream) return readerChunks(data);
  if (typeof data?.[Symbol.asyncIterator] === "function") return data;
  throw new ArgumentError(
    "Option data must be a Uint8Array, Blob, ReadableStream or async iterable of Uint8Array.",
  );
}

async function* slices(
  size: number,
  slice: (from: number, to: number) => Uint8Array | Promise<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < size; at += chunkBytes) yield slice(at, Math.min(size, at + chunkBytes));
}

async function* readerChunks(stream: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array> {
  const reader = stream.getReader();
  try {
    for (let next = await reader.read(); !next.done; next = await reader.read()) yield next.value;
  } finally {
    // Its own failure is what ended the loop.
    void reader.cancel().catch(() => {});
  }
}
