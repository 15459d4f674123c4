/**
 * Parts of this package for packages of this repository that speak the protocol themselves. Not published: who
 * imports it bundles it in, so nothing outside depends on it (docs/decisions/0007-compat.md).
 *
 * @module
 */
import type { JsonObject } from "@ksmkit/common";
import { KeyHolder } from "./records/ksm-file.ts";
import { KsmRecord } from "./records/ksm-record.ts";

export { provider } from "#crypto";
export { sealEcies } from "./crypto/ecies.ts";
export { importPrivateKey } from "./crypto/private-key.ts";
export type { CryptoProvider, HmacHash, PrivateKey } from "./crypto/provider.ts";
export { decodeUpload } from "./protocol/wire.ts";
export { resolveHost } from "./protocol/host.ts";
export { customServerKey, serverKeyFor, type ServerKey } from "./protocol/server-keys.ts";
export { NotationScanner } from "./notation/notation-scanner.ts";
export { planPassword } from "./generators/password.ts";
export { readOtpauth } from "./generators/parse-otpauth.ts";
export { totpCode } from "./generators/totp.ts";
export { openFolders } from "./records/open-folders.ts";
export { openSecrets, type OpenedSecrets } from "./records/open-secrets.ts";
export { RecordFinder } from "./records/record-finder.ts";
export { paddedJson } from "./records/seal-json.ts";
export { clientIdFor } from "./config/identity.ts";
export { checkFileAddress } from "./transport/file-address.ts";
export { formFrame } from "./transport/form-body.ts";

/** The key of a file or folder, 32 bytes. */
export function keyOf(holder: KeyHolder): Uint8Array {
  return KeyHolder.keyOf(holder);
}

/** The key of an open record, 32 bytes. */
export function recordKeyOf(record: KsmRecord): Uint8Array {
  return KsmRecord.keyOf(record);
}

/** The revision as the service sent it; the number of a record's revision is made of it. */
export function revisionOf(record: KsmRecord): number | string | undefined {
  return KsmRecord.stateOf(record).wire.revision;
}

/** The links as the service sent them, undecoded. */
export function linksOf(record: KsmRecord): readonly JsonObject[] {
  return record.links;
}
