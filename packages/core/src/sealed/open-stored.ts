/** Opens what a store holds, under the rules that its owner chose. */
import { SealedError } from "../errors/sealed-error.ts";
import type { StoredBytes } from "./byte-store.ts";
import { emptyDocument, isEmptyDocument, type SealedDocument } from "./document.ts";
import { openBlob } from "./open-blob.ts";
import { recognise } from "./recognise.ts";
import type { Sealer } from "./sealer.ts";
import type { SealedWarning, SealingOptions } from "./sealing-options.ts";

/** What a store holds, opened. */
export interface Opened {
  readonly stored: StoredBytes | null;
  readonly document: SealedDocument;
  /** `nothing` also for zero bytes; `disclosed` for what was under the constant key. */
  readonly state: "nothing" | "clear" | "disclosed" | "sealed";
}

/** Parameters of {@link openStored}. */
export interface OpenStoredOptions {
  options: SealingOptions;
  /** Gives the key service and the data key in use; takes over the one that the bytes were sealed under. */
  sealer: Sealer;
  store: { readonly description: string; readonly recovery: string };
  /** Takes a configuration in the clear whatever the options say. */
  allowPlaintext: boolean;
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
    return await openBytes(stored, options);
  } catch (error) {
    if (!(error instanceof SealedError)) throw error;
    throw new SealedError(
      error.code,
      `Cannot open the configuration in ${description}. ${error.message}. It is left as it is. ${recovery}.`,
      error,
    );
  }
}

async function openBytes(stored: StoredBytes, context: OpenStoredOptions): Promise<Opened> {
  const { options, sealer, warn } = context;
  const { description } = context.store;
  const blob = recognise(stored.bytes, { direct: options.importDirect ?? options.layout === "direct" });
  if (blob.kind === "empty") {
    warn("empty", `There are no bytes in ${description}. Nothing is written before the first save.`);
    return { stored, document: emptyDocument, state: "nothing" };
  }
  const { document, dataKey } = await openBlob(blob, {
    service: sealer.service,
    allowUnprotected: options.allowUnprotected ?? false,
    known: sealer.dataKey,
  });
  if (blob.kind === "plaintext") {
    if (options.plaintext === "refuse" && !context.allowPlaintext && !isEmptyDocument(document))
      throw new SealedError(
        "ERR_KSM_SEALED_PLAINTEXT_REFUSED",
        "It lies in the clear, and option plaintext is refuse",
      );
    return { stored, document, state: "clear" };
  }
  if (blob.kind === "unprotected") {
    warn(
      "unprotected",
      `The configuration in ${description} was under a constant key: regard it as disclosed, and bind a new device.`,
    );
    return { stored, document, state: "disclosed" };
  }
  if (blob.kind === "envelope" && blob.rest > 0)
    warn(
      "trailing-data",
      `${blob.rest} bytes follow the sealed configuration in ${description}; the next save drops them.`,
    );
  // Go wraps Oracle's answer as text, so only the layout that is written lends its wrapped key.
  if (blob.kind === "envelope" && blob.layout === "standard" && dataKey !== undefined) sealer.adopt(dataKey);
  return { stored, document, state: "sealed" };
}
