/** Names of Google Cloud KMS keys and versions (kms-storage section 4.1). */
import { ArgumentError } from "@ksmkit/core/sealed/node";

/** A key name in its parts. */
export interface GcpKeyParts {
  project: string;
  /** For example `europe-west1` or `global`. */
  location: string;
  keyRing: string;
  key: string;
  /** Number of the version. Needed for asymmetric and raw keys. */
  version?: string | number | undefined;
}

/** What a key is for: `ENCRYPT_DECRYPT`, `ASYMMETRIC_DECRYPT` or `RAW_ENCRYPT_DECRYPT` in Google's words. */
export type GcpKeyPurpose = "symmetric" | "asymmetric" | "raw";

/** A parsed name. */
export interface GcpKeyName {
  /** `projects/…/cryptoKeys/NAME`. */
  readonly key: string;
  /** The same with `/cryptoKeyVersions/N`, when a version was named. */
  readonly version: string | undefined;
}

const pattern =
  /^(projects\/[^/\s]+\/locations\/[a-z0-9-]+\/keyRings\/[\w-]+\/cryptoKeys\/[\w-]+)(?:\/cryptoKeyVersions\/[1-9]\d*)?$/;

/** Parses a resource name, or puts one together. @throws {@link ArgumentError} */
export function parseKeyName(name: string | GcpKeyParts | undefined): GcpKeyName {
  const text = typeof name === "object" ? joined(name) : name;
  const found = typeof text === "string" ? pattern.exec(text) : null;
  if (typeof text === "string" && found?.[1] !== undefined)
    return { key: found[1], version: text === found[1] ? undefined : text };
  throw new ArgumentError(
    "Option keyName must be projects/PROJECT/locations/LOCATION/keyRings/RING/cryptoKeys/KEY, with /cryptoKeyVersions/NUMBER where a version is meant.",
  );
}

function joined({ project, location, keyRing, key, version }: GcpKeyParts): string {
  const name = `projects/${project}/locations/${location}/keyRings/${keyRing}/cryptoKeys/${key}`;
  return version === undefined ? name : `${name}/cryptoKeyVersions/${version}`;
}
