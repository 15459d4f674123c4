/** Answer bodies on Node: pushed chunk by chunk, and decoded where they come as gzip. */
import type { IncomingMessage } from "node:http";
import type { Readable } from "node:stream";
import type { PushBody } from "./fetch-types.ts";
import { HttpError } from "./http-error.ts";

/**
 * The body of an answer, decoded. Chunks of gzip are small and come one at a time, so that a reader with a limit
 * stops a body that unpacks to far more than was sent.
 *
 * @param host host for the message
 * @throws {@link HttpError} kind `bad_response` for a success in another coding; the body of a refusal is passed as
 *   it came, since its status says enough
 */
export function responseBody(incoming: IncomingMessage, host: string): PushBody {
  const coding = (incoming.headers["content-encoding"] ?? "").trim().toLowerCase();
  if (coding === "" || coding === "identity") return pushBody(incoming);
  if (coding === "gzip" || coding === "x-gzip") {
    const { createGunzip } = process.getBuiltinModule("node:zlib");
    const { pipeline } = process.getBuiltinModule("node:stream");
    const decoder = createGunzip();
    // The reader of the last stream receives every failure.
    pipeline(incoming, decoder, () => {});
    // An empty body is no gzip, yet gateways mark it as such.
    const isEmpty = ({ code }: NodeJS.ErrnoException): boolean =>
      code === "Z_BUF_ERROR" && decoder.bytesWritten === 0 && incoming.complete;
    return pushBody(decoder, isEmpty);
  }
  const { statusCode = 0 } = incoming;
  if (statusCode < 200 || statusCode > 299) return pushBody(incoming);
  const name = /^[\w.*+, -]{1,40}$/.test(coding) ? coding : "an unknown coding";
  throw new HttpError(
    "bad_response",
    `${host}: the answer comes with content-encoding ${name}, which was not asked for`,
  );
}

/** Node's own iterator closes nothing when it is ended before its first step. */
function pushBody(incoming: Readable, isEmpty?: (error: Error) => boolean): PushBody {
  return {
    pushTo: (accept) =>
      new Promise((resolve, reject) => {
        const fail = (error: unknown): void => {
          reject(error);
          incoming.destroy();
        };
        const go = (more: boolean): void => {
          if (more) return void incoming.resume();
          resolve();
          incoming.destroy();
        };
        incoming.on("error", (error) => (isEmpty?.(error) ? resolve() : reject(error))).on("end", resolve);
        incoming.on("data", (chunk: Uint8Array) => {
          try {
            const more = accept(chunk);
            if (more === true) return;
            incoming.pause();
            if (more === false) go(more);
            else more.then(go, fail);
          } catch (error) {
            fail(error);
          }
        });
      }),
    [Symbol.asyncIterator]: () => {
      const chunks: AsyncIterator<Uint8Array> = incoming[Symbol.asyncIterator]();
      return {
        next: () => chunks.next(),
        return: async () => {
          incoming.destroy();
          return { done: true, value: undefined };
        },
      };
    },
  };
}
