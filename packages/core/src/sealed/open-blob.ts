/** Opens recognised bytes with the key service: at most one call for an envelope. */
import { equalBytes } from "@ksmkit/common";
import { KmsError, SealedError } from "../errors/errors.ts";
import type { DataKey, KeyService } from "./data-key.ts";
import { readDocument, type SealedDocument } from "./document.ts";
import { checkParts, contentText, openEnvelope, openZeroKey } from "./envelope.ts";
import type { Recognised } from "./layouts.ts";

/** Parameters of {@link openBlob}. */
export interface OpenBlobOptions {
  service: KeyService;
  /** Opens what is under a constant key. */
  allowUnprotected: boolean;
  /** A data key at hand: needs no call when the bytes were sealed under it. */
  known?: DataKey | undefined;
}

/** What {@link openBlob} gives. */
export interface OpenedBlob {
  readonly document: SealedDocument;
  /** The data key of an envelope. */
  readonly dataKey?: DataKey | undefined;
}

/**
 * Opens a blob that is not empty.
 *
 * @throws {@link SealedError}, {@link KmsError}
 */
export async function openBlob(
  blob: Exclude<Recognised, { kind: "empty" }>,
  options: OpenBlobOptions,
): Promise<OpenedBlob> {
  switch (blob.kind) {
    case "plaintext":
      return { document: readDocument(blob.text) };
    case "envelope": {
      checkParts(blob.parts);
      const { known, service } = options;
      const { wrappedKey } = blob.parts;
      const dataKey =
        known !== undefined && equalBytes(known.wrapped, wrappedKey)
          ? known
          : await service.unwrapDataKey(wrappedKey);
      return { document: readDocument(await openEnvelope(blob.parts, dataKey.bytes)), dataKey };
    }
    case "unprotected":
      if (!options.allowUnprotected)
        throw new SealedError(
          "ERR_KSM_SEALED_UNPROTECTED",
          "The official Java client wrote it under a constant key, so anyone who had the file could read it. Bind a new device; to take this one over nevertheless, set allowUnprotected",
        );
      return { document: readDocument(await openZeroKey(blob.sealed, blob.nonce)) };
    case "direct":
  }
  return { document: readDocument(contentText(await openDirect(blob.candidates, options.service))) };
}

/** Asks for one candidate after the other; a refusal to decrypt means that it is not this one. */
async function openDirect(candidates: readonly Uint8Array[], service: KeyService): Promise<Uint8Array> {
  let refusal: unknown;
  for (const candidate of candidates) {
    try {
      return await service.unwrap(candidate, "content");
    } catch (error) {
      if (!(error instanceof KmsError) || error.code !== "ERR_KSM_KMS_UNWRAP_FAILED") throw error;
      refusal ??= error;
    }
  }
  throw refusal;
}
