/** Opens what a store holds, under the rules that its owner chose. */
import { SealedError } from "../errors/errors.ts";
import type { StoredBytes } from "./byte-store.ts";
import { emptyDocument, isEmptyDocument, type SealedDocument } from "./document.ts";
import { openBlob } from "./open-blob.ts";
import { recognise } from "./detect-layout.ts";
import type { Sealer } from "./sealer.ts";
import type { SealedWarning, SealingOptions } from "./sealing-options.ts";

/** What a store holds, opened. */
export interface Opened {
  readonly stored: StoredBytes | null;
  readonly document: SealedDocument;
  /** `nothing` also for zero bytes; `disclosed` for what was under the constant key. */
  readonly state: "nothing" | "clear" | "disclosed" | "sealed";
  /** Whether a sealed generation lies beside what is in the clear or disclosed. */
  readonly hasSealedBefore?: boolean;
}

/** Parameters of {@link openStored}. */
export interface OpenStoredOptions {
  options: SealingOptions;
  /** Gives the key service and the data key in use; takes over the one that the bytes were sealed under. */
  sealer: Sealer;
  store: {
    readonly description: string;
    readonly recovery: string;
    readPrevious: () => Promise<StoredBytes | null>;
  };
  /** Takes a configuration in the clear whatever the options say: this storage has put it there. */
  allowPlaintext: boolean;
  /** Whether this storage has had a sealed configuration here, which nobody else has a reason to lay open. */
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
    if (((await context.store.readPrevious())?.bytes.length ?? 0) > 0)
      throw new SealedError(
        "ERR_KSM_SEALED_TRUNCATED",
        "There are no bytes, but there were: the generation before is kept. Without it this counts as a new configuration",
      );
    warn("empty", `There are no bytes in ${description}. Nothing is written before the first save.`);
    return { stored, document: emptyDocument, state: "nothing" };
  }
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
      throw new SealedError("ERR_KSM_SEALED_PLAINTEXT_REFUSED", `It lies in the clear, ${wrong}`);
    if (plaintext === "allow" && !context.allowPlaintext && !isEmptyDocument(document))
      warn("plaintext", `The configuration in ${description} lies in the clear until the next save.`);
    return { stored, document, state: "clear", hasSealedBefore };
  }
  if (blob.kind === "unprotected") {
    const hasSealedBefore = await isSealedBefore(context);
    const wrong = whyRefused("migrate", context.wasSealed, hasSealedBefore);
    if (wrong !== undefined)
      throw new SealedError("ERR_KSM_SEALED_UNPROTECTED", `It is under a constant key, ${wrong}`);
    warn(
      "unprotected",
      `The configuration in ${description} was under a constant key: regard it as disclosed, and bind a new device.`,
    );
    return { stored, document, state: "disclosed", hasSealedBefore };
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

/** Why a configuration that anyone could have written is not taken; `undefined` when it is. */
function whyRefused(
  plaintext: NonNullable<SealingOptions["plaintext"]>,
  wasSealed: boolean,
  hasSealedBefore: boolean,
): string | undefined {
  if (plaintext === "refuse") return "and option plaintext is refuse";
  if (wasSealed)
    return "but this storage has had a sealed one there, so someone has replaced it. If that was you, create a new storage";
  if (plaintext === "migrate" && hasSealedBefore)
    return "but the generation before is sealed, so someone has replaced it. If that was you, move that generation away";
  return undefined;
}

/** Whether the generation before is sealed, or may be: the `direct` layout has no mark. */
async function isSealedBefore({ store }: OpenStoredOptions): Promise<boolean> {
  const previous = await store.readPrevious();
  if (previous === null) return false;
  try {
    const { kind } = recognise(previous.bytes, { direct: true });
    return kind === "envelope" || kind === "direct";
  } catch (error) {
    if (!(error instanceof SealedError)) throw error;
    // JSON of another kind is in the clear; what is cut off was sealed.
    return error.code === "ERR_KSM_SEALED_TRUNCATED";
  }
}
