/** Notation resolved through a client: what users call. */
import { requireOptions } from "../errors/require-options.ts";
import {
  type CodedError,
  type WaitOptions,
  flagOption,
  functionOption,
  oneOf,
  waitOptionChecks,
} from "@ksmkit/common";
import type { KnownText, ReferenceText } from "./known-references.ts";
import type { FileOf, NotationRecord } from "./notation-record.ts";
import {
  resolveLegacyNotation,
  resolveNotation,
  resolveNotationText,
  tryResolveNotation,
  type LegacyNotationOptions,
  type NotationSource,
} from "./resolve-notation.ts";

/** The part of a client that notation needs; `SecretsManager` has it. */
export interface NotationClient<R extends NotationRecord = NotationRecord> {
  getSecrets(
    query: WaitOptions & { uids?: readonly string[] | undefined; lazy: "auto" },
  ): Promise<{ readonly records: readonly R[] }>;
  downloadFile(file: FileOf<R>, options: WaitOptions): Promise<Uint8Array>;
}

/** Options of {@link tryGetNotation}. */
export interface TryNotationOptions extends WaitOptions {
  /** Called with the error. Optional. */
  onError?: ((error: CodedError) => void) | undefined;
}

/**
 * Resolves a notation to a list of texts, which is empty for an empty field and for a property that no value has; see
 * {@link getNotationText} for one text. The content of a file comes as base64url. A uid costs one request for that
 * record; everything is read only for a title, or when no record has the uid.
 *
 * @throws {@link NotationError} `ERR_KSM_NOTATION_*`, and whatever the client throws
 * @example
 * ```ts
 * const urls = await getNotation(manager, "keeper://My Database/field/url");
 * ```
 */
export async function getNotation<R extends NotationRecord, const N extends ReferenceText = ReferenceText>(
  client: NotationClient<R>,
  notation: N,
  options: WaitOptions = {},
): Promise<KnownText<N>[]> {
  requireOptions(options, waitOptionChecks, "getNotation");
  // The generator of a known reference vouches for its type.
  return (await resolveNotation(notation, sourceOf(client, options))) as KnownText<N>[];
}

/**
 * Resolves a notation to one text: the first, where the field has several values. The content of a file comes as
 * base64url. Reads as {@link getNotation} does.
 *
 * @throws {@link RecordError} `ERR_KSM_FIELD_EMPTY` when there is no value; {@link NotationError} `ERR_KSM_NOTATION_*`,
 *   `ERR_KSM_NOTATION_OUT_OF_BOUNDS` when the value lacks the property; and whatever the client throws
 * @example
 * ```ts
 * const password = await getNotationText(manager, "keeper://My Database/field/password");
 * ```
 */
export async function getNotationText<
  R extends NotationRecord,
  const N extends ReferenceText = ReferenceText,
>(client: NotationClient<R>, notation: N, options: WaitOptions = {}): Promise<KnownText<N>> {
  requireOptions(options, waitOptionChecks, "getNotationText");
  return (await resolveNotationText(notation, sourceOf(client, options))) as KnownText<N>;
}

/** {@link getNotation} that answers every coded failure with an empty list. */
export async function tryGetNotation<R extends NotationRecord>(
  client: NotationClient<R>,
  notation: string,
  options: TryNotationOptions = {},
): Promise<string[]> {
  requireOptions(options, { onError: functionOption, ...waitOptionChecks }, "tryGetNotation");
  return tryResolveNotation(notation, sourceOf(client, options), options.onError ?? (() => {}));
}

/**
 * Resolves a notation to one value of any type, as `get_notation` of the vendor's Python SDK does: the content of a
 * file, an error for a title that several records have. With `dialect: "javascript"` as `getValue` of its JavaScript
 * SDK: the file, the first record.
 *
 * @throws {@link NotationError} `ERR_KSM_NOTATION_*`, and whatever the client throws
 */
export async function getNotationValue<R extends NotationRecord>(
  client: NotationClient<R>,
  notation: string,
  options: LegacyNotationOptions & WaitOptions = {},
): Promise<unknown> {
  requireOptions(
    options,
    { dialect: oneOf("python", "javascript"), inflateReferences: flagOption, ...waitOptionChecks },
    "getNotationValue",
  );
  return resolveLegacyNotation(notation, sourceOf(client, options), options);
}

function sourceOf<R extends NotationRecord>(
  client: NotationClient<R>,
  { signal, timeoutMs }: WaitOptions,
): NotationSource<R> {
  const wait = { signal, timeoutMs };
  return {
    // Of all records that are read for a title, one is used.
    fetchRecords: async (uids) => (await client.getSecrets({ ...wait, uids, lazy: "auto" })).records,
    downloadFile: (_record, file) => client.downloadFile(file, wait),
  };
}
