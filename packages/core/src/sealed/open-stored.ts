/** Opens what a store holds, under the options of its owner: at most one call to the key service for an envelope. */
import { KmsError, SealedError } from "../errors/errors.ts";
import type { StoredBytes } from "./byte-store.ts";
import { type SealedDocument, emptyDocument, isEmptyDocument, readDocument } from "./document.ts";
import { type DetectedLayout, detectLayout } from "./detect-layout.ts";
import type { IdentityGuard } from "./identity.ts";
import type { Sealer } from "./sealer.ts";
import type { SealedWarning, SealingOptions } from "./sealing-options.ts";
import { equalBytes } from "@ksmkit/common";
import type { DataKey, KeyService } from "./data-key.ts";
import { checkParts, contentText, openEnvelope, openZeroKey } from "./envelope.ts";

/** The opened content of a store. */
export interface Opened {
  readonly stored: StoredBytes | null;
  readonly document: SealedDocument;
  /** `nothing` also for zero bytes; `disclosed` for a configuration under the constant key of the Java client. */
  readonly state: "nothing" | "clear" | "disclosed" | "sealed";
  /** Whether a sealed generation is kept beside a configuration that is in the clear or disclosed. */
  readonly hasSealedBefore?: boolean;
}

/** Parameters of {@link openStored}. */
export interface OpenStoredOptions {
  options: SealingOptions;
  /** Has the key service and the data key in use; adopts the data key that the bytes were sealed under. */
  sealer: Sealer;
  store: {
    readonly description: string;
    readonly recovery: string;
    readPrevious: () => Promise<StoredBytes | null>;
  };
  /** Refuses configurations of another identity. */
  identity: IdentityGuard;
  /** Whether a configuration in the clear is accepted whatever the options say: this storage has written it. */
  allowPlaintext: boolean;
  /** Whether this storage has opened or written a sealed configuration here. */
  wasSealed: boolean;
  warn: (kind: SealedWarning["kind"], message: string) => void;
}

/**
 * Opens stored bytes.
 *
 * @throws {@link SealedError}, {@link KmsError}
 */
export async function openStored(stored: StoredBytes | null, options: OpenStoredOptions): Promise<Opened> {
  if (stored === null) return { stored, document: emptyDocument, state: "nothing" };
  const { description, recovery } = options.store;
  try {
    return await openUnderOptions(stored, options);
  } catch (error) {
    if (!(error instanceof SealedError)) throw error;
    throw new SealedError(
      error.code,
      `Cannot open the configuration in ${description}. ${error.message}. It is left as it is. ${recovery}.`,
      error,
    );
  }
}

async function openUnderOptions(stored: StoredBytes, context: OpenStoredOptions): Promise<Opened> {
  const { options, sealer, warn } = context;
  const { description } = context.store;
  const importDirect = options.importDirect ?? options.layout === "direct";
  const blob = detectLayout(stored.bytes, { direct: importDirect });
  if (blob.kind === "empty") {
    if (((await context.store.readPrevious())?.bytes.length ?? 0) > 0)
      throw new SealedError(
        "ERR_KSM_SEALED_TRUNCATED",
        "There are no bytes, but there were: the generation before is kept. Without it this counts as a new configuration",
      );
    warn("empty", `There are no bytes in ${description}. Nothing is written before the first save.`);
    return { stored, document: emptyDocument, state: "nothing" };
  }
  if (blob.kind === "direct" && blob.layout === "java-direct" && !importDirect)
    throw new SealedError(
      "ERR_KSM_SEALED_NOT_A_CONFIG",
      "It may have the layout of the official Java client, a length before what the key service encrypted. Name it with importDirect",
    );
  const { document, dataKey } = await openBlob(blob, {
    service: sealer.service,
    allowUnprotected: options.allowUnprotected ?? false,
    known: sealer.dataKey,
  });
  if (blob.kind === "plaintext") {
    const { plaintext = "migrate" } = options;
    const hasSealedBefore = await isSealedBefore(context);
    const wrong = context.allowPlaintext
      ? undefined
      : whyRefused(plaintext, context.wasSealed, hasSealedBefore);
    if (wrong !== undefined)
      throw new SealedError("ERR_KSM_SEALED_PLAINTEXT_REFUSED", `It is not sealed, ${wrong}`);
    await context.identity.accept(document.values);
    if (plaintext === "allow" && !context.allowPlaintext && !isEmptyDocument(document))
      warn("plaintext", `The configuration in ${description} is not sealed before the next save.`);
    return { stored, document, state: "clear", hasSealedBefore };
  }
  if (blob.kind === "unprotected") {
    const hasSealedBefore = await isSealedBefore(context);
    const wrong = whyRefused("migrate", context.wasSealed, hasSealedBefore);
    if (wrong !== undefined)
      throw new SealedError("ERR_KSM_SEALED_UNPROTECTED", `It is under a constant key, ${wrong}`);
    await context.identity.accept(document.values);
    warn(
      "unprotected",
      `The configuration in ${description} was under a constant key: regard it as disclosed, and bind a new device.`,
    );
    return { stored, document, state: "disclosed", hasSealedBefore };
  }
  await context.identity.accept(document.values);
  if (blob.kind === "envelope" && blob.rest > 0)
    warn(
      "trailing-data",
      `${blob.rest} bytes follow the sealed configuration in ${description}; the next save drops them.`,
    );
  // Go wraps Oracle's answer as text, so only the layout that is written lends its wrapped key.
  if (blob.kind === "envelope" && blob.layout === "standard" && dataKey !== undefined) sealer.adopt(dataKey);
  return { stored, document, state: "sealed" };
}

/** Why a configuration that anyone could have written is refused; `undefined` when it is accepted. */
function whyRefused(
  plaintext: NonNullable<SealingOptions["plaintext"]>,
  wasSealed: boolean,
  hasSealedBefore: boolean,
): string | undefined {
  if (plaintext === "refuse") return "and option plaintext is refuse";
  if (wasSealed)
    return "but this storage has had a sealed one there, which was replaced. If that was intended, create a new storage";
  if (plaintext === "migrate" && hasSealedBefore)
    return "but the generation before is sealed, so the sealed one was replaced. If that was intended, move that generation away";
  return undefined;
}

/** Whether the generation before is sealed, or may be: the `direct` layout has no mark. */
async function isSealedBefore({ store }: OpenStoredOptions): Promise<boolean> {
  const previous = await store.readPrevious();
  if (previous === null) return false;
  try {
    const { kind } = detectLayout(previous.bytes, { direct: true });
    return kind === "envelope" || kind === "direct";
  } catch (error) {
    if (!(error instanceof SealedError)) throw error;
    // JSON of another kind is in the clear; what is cut off was sealed.
    return error.code === "ERR_KSM_SEALED_TRUNCATED";
  }
}

/** Parameters of {@link openBlob}. */
export interface OpenBlobOptions {
  service: KeyService;
  /** Opens what is under a constant key. */
  allowUnprotected: boolean;
  /** A data key at hand: needs no call when the bytes were sealed under it. */
  known?: DataKey | undefined;
}

/** Result of {@link openBlob}. */
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
  blob: Exclude<DetectedLayout, { kind: "empty" }>,
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
