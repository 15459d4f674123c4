/** The `standard` layout (kms-storage section 2.1): what the official JavaScript and Python readers open. */
import { concatBytes, utf8Bytes, type Random } from "@ksmkit/common";
import { openAesGcm, sealAesGcm } from "../crypto/aes-gcm.ts";
import { SealedError } from "../errors/errors.ts";
import type { DataKey } from "./data-key.ts";
import { type EnvelopeParts, joinParts, maxPartLength, strictText } from "./detect-layout.ts";

const nonceLength = 12;
const tagLength = 16;

/** Parameters of {@link sealEnvelope}. */
export interface EnvelopeOptions {
  dataKey: DataKey;
  random: Random;
  /** Bytes of the nonce. Default: 12. The official JavaScript writer uses 16. */
  nonceLength?: 12 | 16;
}

/**
 * Refuses what the layout cannot hold, before a key service is asked for anything.
 *
 * @throws {@link SealedError} `ERR_KSM_SEALED_TOO_LARGE`
 */
export function checkSize(content: Uint8Array): void {
  if (content.length <= maxPartLength) return;
  throw new SealedError(
    "ERR_KSM_SEALED_TOO_LARGE",
    `The configuration has ${content.length} bytes; a sealed one takes ${maxPartLength}. Nothing was written.`,
  );
}

/** Seals a text under a data key with a fresh nonce. */
export async function sealEnvelope(text: string, options: EnvelopeOptions): Promise<Uint8Array<ArrayBuffer>> {
  const content = utf8Bytes(text);
  checkSize(content);
  const nonce = options.random(options.nonceLength ?? nonceLength);
  const sealed = await sealAesGcm(content, { key: options.dataKey.bytes, nonce });
  const tag = sealed.subarray(content.length);
  return joinParts(options.dataKey.wrapped, nonce, tag, sealed.subarray(0, content.length));
}

/**
 * Refuses parts of the wrong length, before the key service is asked: GCM itself would take a tag of 4 bytes.
 *
 * @throws {@link SealedError} `ERR_KSM_SEALED_BAD_WRAPPED_KEY_LENGTH`, `_BAD_NONCE_LENGTH`, `_BAD_TAG_LENGTH`
 */
export function checkParts({ wrappedKey, nonce, tag }: EnvelopeParts): void {
  if (wrappedKey.length === 0)
    throw new SealedError("ERR_KSM_SEALED_BAD_WRAPPED_KEY_LENGTH", "Its wrapped data key is empty");
  if (nonce.length !== nonceLength && nonce.length !== 16)
    throw new SealedError(
      "ERR_KSM_SEALED_BAD_NONCE_LENGTH",
      `Its nonce has ${nonce.length} bytes instead of 12 or 16`,
    );
  if (tag.length !== tagLength)
    throw new SealedError("ERR_KSM_SEALED_BAD_TAG_LENGTH", `Its tag has ${tag.length} bytes instead of 16`);
}

/**
 * Opens the content of checked parts.
 *
 * @throws {@link SealedError} `ERR_KSM_SEALED_AUTH_FAILED`, `_BAD_CONTENT`
 */
export async function openEnvelope(parts: EnvelopeParts, dataKey: Uint8Array): Promise<string> {
  const sealed = concatBytes(parts.ciphertext, parts.tag);
  const content = await openAesGcm(sealed, { key: dataKey, nonce: parts.nonce });
  if (content === null)
    throw new SealedError(
      "ERR_KSM_SEALED_AUTH_FAILED",
      "It does not authenticate under its data key: it is damaged, or put together from two files",
    );
  return contentText(content);
}

/** Opens what the Java client wrote under sixteen zero bytes (kms-storage section 2.4). */
export async function openZeroKey(sealed: Uint8Array, nonce: Uint8Array): Promise<string> {
  const content = await openAesGcm(sealed, { key: new Uint8Array(16), nonce, tagLength: 12 });
  if (content === null)
    throw new SealedError("ERR_KSM_SEALED_AUTH_FAILED", "It does not open under the constant key");
  return contentText(content);
}

/** Opened content as text. @throws {@link SealedError} `ERR_KSM_SEALED_BAD_CONTENT` */
export function contentText(content: Uint8Array): string {
  const text = strictText(content);
  if (text !== null) return text;
  throw new SealedError("ERR_KSM_SEALED_BAD_CONTENT", "Its content is not JSON in UTF-8");
}
