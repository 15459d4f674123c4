/** WebCrypto seals and opens wholes only. */
import type { GcmStream } from "../gcm-stream.ts";

/** Nothing. */
export const gcmStream: GcmStream | undefined = undefined;
