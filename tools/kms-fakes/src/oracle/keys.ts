/** The keys that the Oracle fake holds: each has versions with material of their own. */
import { randomBytes, randomUUID, type KeyObject } from "node:crypto";
import { rsaKey } from "../rsa-oaep.ts";

/** What a new version is made of. */
export interface OracleVersionOptions {
  /** OCID. Default: a fresh one. */
  versionId?: string | undefined;
  /** 32 bytes of an AES key. Default: random. */
  material?: Uint8Array | undefined;
  /** PKCS#8 PEM of an RSA key of 2048 bits. Default: a fresh key, which takes a while. */
  privateKeyPem?: string | undefined;
}

/** What a new key is like. */
export interface OracleKeyOptions extends OracleVersionOptions {
  /** OCID. Default: a fresh one. */
  id?: string | undefined;
  /** Default: `AES`. */
  algorithm?: "AES" | "RSA" | "ECDSA" | undefined;
  /** User OCIDs that may use the key; others get the answer that there is none. Default: all. */
  allowedTo?: readonly string[] | undefined;
}

/** A version. */
export interface OracleKeyVersion {
  readonly id: string;
  readonly secret: { kind: "aes"; key: Uint8Array } | { kind: "rsa"; key: KeyObject } | { kind: "none" };
}

/** A key. `state` may be changed at any time. */
export interface OracleKey {
  readonly id: string;
  readonly algorithm: "AES" | "RSA" | "ECDSA";
  readonly allowedTo: readonly string[] | undefined;
  /** Oldest first; the last one encrypts when none is named. */
  readonly versions: readonly OracleKeyVersion[];
  state: "ENABLED" | "DISABLED" | "PENDING_DELETION";
  addVersion(options?: OracleVersionOptions): Promise<OracleKeyVersion>;
}

/** Makes a key with one version. */
export async function createOracleKey(options: OracleKeyOptions): Promise<OracleKey> {
  const { algorithm = "AES", id = `ocid1.key.oc1.iad.${randomUUID()}`, allowedTo } = options;
  const versions: OracleKeyVersion[] = [];
  const addVersion: OracleKey["addVersion"] = async (next = {}) => {
    const version = {
      id: next.versionId ?? `ocid1.keyversion.oc1.iad.${randomUUID()}`,
      secret: await secretOf(algorithm, next),
    };
    versions.push(version);
    return version;
  };
  await addVersion(options);
  return { id, algorithm, allowedTo, versions, state: "ENABLED", addVersion };
}

async function secretOf(
  algorithm: OracleKey["algorithm"],
  { material, privateKeyPem }: OracleVersionOptions,
): Promise<OracleKeyVersion["secret"]> {
  if (algorithm === "AES") return { kind: "aes", key: material ?? randomBytes(32) };
  return algorithm === "RSA" ? { kind: "rsa", key: await rsaKey(2048, privateKeyPem) } : { kind: "none" };
}
