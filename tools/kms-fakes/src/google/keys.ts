/** The keys that the Google fake holds: a key has versions, and each version an algorithm of its own. */
import { randomBytes, randomUUID, type KeyObject } from "node:crypto";
import { rsaKey } from "../rsa-oaep.ts";
import { GoogleServiceError, grpcStatus } from "./service-error.ts";

export type GooglePurpose =
  | "ENCRYPT_DECRYPT"
  | "ASYMMETRIC_DECRYPT"
  | "RAW_ENCRYPT_DECRYPT"
  | "ASYMMETRIC_SIGN"
  | "MAC";
export type GoogleAlgorithm =
  | "GOOGLE_SYMMETRIC_ENCRYPTION"
  | `RSA_DECRYPT_OAEP_${2048 | 3072 | 4096}_${"SHA1" | "SHA256" | "SHA512"}`
  | `AES_${128 | 256}_${"GCM" | "CBC" | "CTR"}`
  | "HMAC_SHA256"
  | "EC_SIGN_P256_SHA256";

/** What a new version is like. */
export interface GoogleVersionOptions {
  algorithm?: GoogleAlgorithm | undefined;
  /** Bytes of an AES key. Default: random. */
  material?: Uint8Array | undefined;
  /** PKCS#8 PEM of an RSA key. Default: a fresh key, which takes a while. */
  privateKeyPem?: string | undefined;
}

/** What a new key with its first version is like. */
export interface GoogleKeyOptions extends GoogleVersionOptions {
  /** `projects/…/cryptoKeys/NAME`. Default: a fresh one. */
  name?: string | undefined;
  /** Number of the first version. Default: 1. */
  firstVersion?: number | undefined;
  /** Algorithm of future versions. Default: that of the first version. */
  templateAlgorithm?: GoogleAlgorithm | undefined;
}

/** A version. `state` may be changed at any time. */
export interface GoogleKeyVersion {
  readonly name: string;
  readonly algorithm: GoogleAlgorithm;
  state: "ENABLED" | "DISABLED" | "DESTROYED";
  readonly secret: { kind: "aes"; key: Uint8Array } | { kind: "rsa"; key: KeyObject } | { kind: "none" };
}

/** A key. */
export interface GoogleKey {
  readonly name: string;
  readonly purpose: GooglePurpose;
  readonly templateAlgorithm: GoogleAlgorithm;
  readonly versions: readonly GoogleKeyVersion[];
  /** The version that encrypts when none is named; set by {@link addVersion}. */
  readonly primary: GoogleKeyVersion;
  /** Makes the next version; a symmetric key encrypts with it from now on. */
  addVersion(options?: GoogleVersionOptions): Promise<GoogleKeyVersion>;
}

/** Makes a key with one version. */
export async function createGoogleKey(options: GoogleKeyOptions): Promise<GoogleKey> {
  const { algorithm = "GOOGLE_SYMMETRIC_ENCRYPTION", firstVersion = 1 } = options;
  const name = options.name ?? `projects/p1/locations/global/keyRings/r1/cryptoKeys/k-${randomUUID()}`;
  const first = await createVersion(name, firstVersion, { ...options, algorithm });
  const versions = [first];
  let primary = first;
  return {
    name,
    purpose: purposeOf(algorithm),
    templateAlgorithm: options.templateAlgorithm ?? algorithm,
    versions,
    get primary() {
      return primary;
    },
    async addVersion(next = {}) {
      primary = await createVersion(name, firstVersion + versions.length, { algorithm, ...next });
      versions.push(primary);
      return primary;
    },
  };
}

function purposeOf(algorithm: GoogleAlgorithm): GooglePurpose {
  if (algorithm === "GOOGLE_SYMMETRIC_ENCRYPTION") return "ENCRYPT_DECRYPT";
  if (algorithm === "HMAC_SHA256") return "MAC";
  if (algorithm === "EC_SIGN_P256_SHA256") return "ASYMMETRIC_SIGN";
  return algorithm.startsWith("RSA_") ? "ASYMMETRIC_DECRYPT" : "RAW_ENCRYPT_DECRYPT";
}

async function createVersion(
  keyName: string,
  number: number,
  { algorithm = "GOOGLE_SYMMETRIC_ENCRYPTION", material, privateKeyPem }: GoogleVersionOptions,
): Promise<GoogleKeyVersion> {
  const rsaBits = /^RSA_DECRYPT_OAEP_(\d+)_/.exec(algorithm)?.[1];
  const isAes = algorithm.startsWith("AES_") || algorithm === "GOOGLE_SYMMETRIC_ENCRYPTION";
  const aesLength = algorithm.startsWith("AES_128") ? 16 : 32;
  return {
    name: `${keyName}/cryptoKeyVersions/${number}`,
    algorithm,
    state: "ENABLED",
    secret:
      rsaBits === undefined
        ? isAes
          ? { kind: "aes", key: material ?? randomBytes(aesLength) }
          : { kind: "none" }
        : { kind: "rsa", key: await rsaKey(Number(rsaBits), privateKeyPem) },
  };
}

const versionPart = "/cryptoKeyVersions/";

/** The key of this name; a version's name is no key name. */
export function findGoogleKey(keys: readonly GoogleKey[], name: string): GoogleKey {
  const found = keys.find((key) => key.name === name);
  if (found) return found;
  throw name.includes(versionPart)
    ? new GoogleServiceError(
        grpcStatus.invalidArgument,
        "Resource name does not match the pattern of a crypto key",
      )
    : new GoogleServiceError(grpcStatus.notFound, `CryptoKey ${name} not found.`);
}

/** The version of this name, in use. */
export function findGoogleVersion(
  keys: readonly GoogleKey[],
  name: string,
): { key: GoogleKey; version: GoogleKeyVersion } {
  const key = keys.find((candidate) => name.startsWith(candidate.name + versionPart));
  const version = key?.versions.find((candidate) => candidate.name === name);
  if (key && version) return { key, version };
  throw name.includes(versionPart)
    ? new GoogleServiceError(grpcStatus.notFound, `CryptoKeyVersion ${name} not found.`)
    : new GoogleServiceError(
        grpcStatus.invalidArgument,
        "Resource name does not match the pattern of a version",
      );
}

/** Refuses a version that may not be used. */
export function requireEnabled(version: GoogleKeyVersion): void {
  if (version.state !== "ENABLED")
    throw new GoogleServiceError(
      grpcStatus.failedPrecondition,
      `${version.name} is not enabled, current state is: ${version.state}.`,
    );
}
