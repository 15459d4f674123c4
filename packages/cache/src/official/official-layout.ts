/**
 * The cache layout of the vendor's SDKs: `transmission key(32) ‖ sealed response` (ksm-protocol section 20). The key
 * is stored in clear beside what it seals, so every reader of the file learns uids and sizes; records stay sealed.
 */
import {
  concatBytes,
  platformRandom,
  parseJsonObject,
  utf8Bytes,
  utf8Text,
  type JsonObject,
  type Random,
} from "@ksmkit/common";
import { provider } from "@ksmkit/core/crypto";

/** Reads `ksm_cache.bin` or `cache.dat`; `null` when it holds no response. */
export async function readOfficialCache(bytes: Uint8Array): Promise<JsonObject | null> {
  if (bytes.length < 32) return null;
  const opened = await provider.openGcm(bytes.subarray(0, 32), bytes.subarray(32));
  return opened && parseJsonObject(utf8Text(opened));
}

/** Makes the content of `ksm_cache.bin` or `cache.dat` from a response. */
export async function writeOfficialCache(
  answer: JsonObject,
  random: Random = platformRandom,
): Promise<Uint8Array<ArrayBuffer>> {
  const key = random(32);
  return concatBytes(key, await provider.sealGcm(key, utf8Bytes(JSON.stringify(answer))));
}
