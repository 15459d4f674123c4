/** Options of Google Cloud KMS keys and storages, and names of keys (kms-storage section 4.1). */
import { ArgumentError, type SealedPlaceOptions, anyOption } from "@ksmkit/core/sealed/node";
import type { GcpClientOptions } from "./gcp-kms-client.ts";

/** What a key is for: `ENCRYPT_DECRYPT`, `ASYMMETRIC_DECRYPT` or `RAW_ENCRYPT_DECRYPT` in Google's words. */
export type GcpKeyPurpose = "symmetric" | "asymmetric" | "raw";

/** Options of {@link gcpKmsKey}. */
export interface GcpKmsKeyOptions extends GcpClientOptions {
  /**
   * The key as a resource name or in parts. A version is needed for asymmetric and raw keys; for a symmetric key
   * it pins what encrypts, else the primary version does.
   */
  keyName: string | GcpKeyParts;
  /**
   * What the key is for. Default: a key named without a version is symmetric; for one with a version the service
   * is asked once, before the first encryption.
   */
  purpose?: GcpKeyPurpose | undefined;
  /**
   * Binds the wrapped data key to this context; the same is needed to open it. No official client opens the
   * result. Not for asymmetric keys. Default: none (`keeper_auth` for raw keys, as the official clients).
   */
  additionalAuthenticatedData?: string | Uint8Array | undefined;
}

/** Options of {@link gcpKmsStorage}: the key, and where and how the configuration is stored. */
export interface GcpKmsStorageOptions extends GcpKmsKeyOptions, SealedPlaceOptions {}

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

/** The names of the options of a key; {@link checkOptions} looks at what they hold. */
export const keyChecks: { readonly [Name in keyof Required<GcpKmsKeyOptions>]: typeof anyOption } = {
  keyName: anyOption,
  purpose: anyOption,
  additionalAuthenticatedData: anyOption,
  client: anyOption,
  clientOptions: anyOption,
  requestTimeoutMs: anyOption,
  sleep: anyOption,
};

/** Checks the options of a key and returns its name. @throws {@link ArgumentError} `ERR_KSM_ARGUMENT_INVALID` */
export function checkOptions(options: GcpKmsKeyOptions): GcpKeyName {
  const name = parseKeyName(options?.keyName);
  const { purpose, additionalAuthenticatedData: aad, requestTimeoutMs = 3000 } = options;
  if (purpose !== undefined && !["symmetric", "asymmetric", "raw"].includes(purpose))
    throw invalid("purpose must be symmetric, asymmetric or raw");
  if (purpose !== undefined && purpose !== "symmetric" && name.version === undefined)
    throw invalid(`keyName must name a version of an ${purpose} key: …/cryptoKeyVersions/NUMBER`);
  if (purpose === "asymmetric" && aad !== undefined)
    throw invalid("additionalAuthenticatedData does not go with an asymmetric key");
  if (!(requestTimeoutMs > 0)) throw invalid("requestTimeoutMs must be a positive number");
  return name;
}

function invalid(what: string): ArgumentError {
  return new ArgumentError(`Option ${what}.`);
}
