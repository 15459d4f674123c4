/** The keys that the Azure fake holds: each has versions with RSA keys of their own. */
import { randomBytes, type KeyObject } from "node:crypto";
import { rsaKey } from "../rsa-oaep.ts";
import { KeyVaultServiceError } from "./service-error.ts";

/** What a new key is like. */
export interface KeyVaultKeyOptions {
  /** Default: a fresh one. */
  name?: string | undefined;
  /** Name of the first version, 32 hex digits. Default: a fresh one. */
  version?: string | undefined;
  /** Default: 2048. */
  bits?: number | undefined;
  /** PKCS#8 PEM. Default: a fresh key, which takes a while. */
  privateKeyPem?: string | undefined;
  /** Client ids that may use the key; others are denied. Default: everybody. */
  allowedTo?: readonly string[] | undefined;
}

/** A version. `enabled` may be changed at any time. */
export interface KeyVaultKeyVersion {
  readonly version: string;
  /** Whole identifier: `https://…/keys/NAME/VERSION`. */
  readonly id: string;
  readonly key: KeyObject;
  enabled: boolean;
}

/** A key. */
export interface KeyVaultTestKey {
  readonly name: string;
  /** Identifier without a version, which selects the newest. */
  readonly id: string;
  /** Oldest first. */
  readonly versions: readonly KeyVaultKeyVersion[];
  readonly allowedTo: readonly string[] | undefined;
  /** Makes the next version, which an identifier without a version selects from now on. */
  addVersion(
    options?: Pick<KeyVaultKeyOptions, "version" | "bits" | "privateKeyPem">,
  ): Promise<KeyVaultKeyVersion>;
}

/** Makes a key with one version. */
export async function createKeyVaultKey(
  vaultUrl: string,
  options: KeyVaultKeyOptions,
): Promise<KeyVaultTestKey> {
  const name = options.name ?? `k-${randomBytes(4).toString("hex")}`;
  const id = `${vaultUrl}/keys/${name}`;
  const versions: KeyVaultKeyVersion[] = [];
  const addVersion: KeyVaultTestKey["addVersion"] = async (next = {}) => {
    const version = next.version ?? randomBytes(16).toString("hex");
    const key = await rsaKey(next.bits ?? 2048, next.privateKeyPem);
    const made = { version, id: `${id}/${version}`, key, enabled: true };
    versions.push(made);
    return made;
  };
  await addVersion(options);
  return { name, id, versions, allowedTo: options.allowedTo, addVersion };
}

/** The version that a path names; without one the newest. */
export function findKeyVaultVersion(
  keys: readonly KeyVaultTestKey[],
  { name, version, identity }: { name: string; version: string; identity: string },
): KeyVaultKeyVersion {
  const key = keys.find((candidate) => candidate.name === name);
  const found =
    version === "" ? key?.versions.at(-1) : key?.versions.find((each) => each.version === version);
  if (!key || !found)
    throw new KeyVaultServiceError(
      404,
      "KeyNotFound",
      `A key with (name/id) ${name}/${version} was not found.`,
    );
  if (key.allowedTo && !key.allowedTo.includes(identity))
    throw new KeyVaultServiceError(
      403,
      "Forbidden",
      "Caller is not authorized on this key.",
      "ForbiddenByRbac",
    );
  return found;
}
