/** Options of Oracle Vault keys and storages, and their check before anything is stored (kms-storage section 6). */
import { ArgumentError, type SealedPlaceOptions, anyOption } from "@ksmkit/core/sealed/node";
import type { OracleKmsConnection } from "./oracle-kms-client.ts";

/** Options of {@link oracleKmsKey}. */
export interface OracleKmsKeyOptions extends OracleKmsConnection {
  /** OCID of the key: `ocid1.key.…`. */
  keyId: string;
  /**
   * OCID of a key version: `ocid1.keyversion.…`. Default: the current version encrypts; for decrypting, the service
   * finds the version of an AES ciphertext by itself.
   */
  keyVersionId?: string | undefined;
  /** The kind of key, which saves finding out at the first encryption. Default: found out. */
  algorithm?: "AES" | "RSA" | undefined;
  /**
   * What the service binds each ciphertext to; the same is needed to open it. AES keys only. No official client
   * opens the result. Default: none.
   */
  associatedData?: Readonly<Record<string, string>> | undefined;
}

/** Options of {@link oracleKmsStorage}: the key, and where and how the configuration is stored. */
export interface OracleKmsStorageOptions extends OracleKmsKeyOptions, SealedPlaceOptions {}

/** The names of the options of a key; {@link checkOptions} looks at what they hold. */
export const keyChecks: { readonly [Name in keyof Required<OracleKmsKeyOptions>]: typeof anyOption } = {
  keyId: anyOption,
  keyVersionId: anyOption,
  algorithm: anyOption,
  associatedData: anyOption,
  client: anyOption,
  cryptoEndpoint: anyOption,
  auth: anyOption,
  configFile: anyOption,
  profile: anyOption,
  requestTimeoutMs: anyOption,
  sleep: anyOption,
};

/** Checks the options of a key. @throws {@link ArgumentError} `ERR_KSM_ARGUMENT_INVALID` */
export function checkOptions(options: OracleKmsKeyOptions): void {
  const { keyId, keyVersionId, algorithm, associatedData, client, cryptoEndpoint } = options ?? {};
  if (!isOcid(keyId, "key")) throw invalid("keyId must be the OCID of a key: ocid1.key.…");
  if (keyVersionId && !isOcid(keyVersionId, "keyversion"))
    throw invalid("keyVersionId must be the OCID of a key version: ocid1.keyversion.…");
  if (algorithm !== undefined && algorithm !== "AES" && algorithm !== "RSA")
    throw invalid("algorithm must be AES or RSA");
  if (algorithm === "RSA" && associatedData) throw invalid("associatedData does not go with an RSA key");
  if (!client && !isEndpoint(cryptoEndpoint))
    throw invalid("cryptoEndpoint must be the vault's crypto endpoint: https://….oraclecloud.com");
  const { requestTimeoutMs = 3000 } = options;
  if (!(requestTimeoutMs > 0)) throw invalid("requestTimeoutMs must be a positive number");
}

function isOcid(text: unknown, kind: string): boolean {
  return typeof text === "string" && new RegExp(`^ocid1\\.${kind}\\.[\\w.-]+$`).test(text);
}

/** Data keys travel to it: TLS, except within this machine. */
function isEndpoint(text: string | undefined): boolean {
  if (typeof text !== "string" || !URL.canParse(text)) return false;
  const { protocol, hostname } = new URL(text);
  return (
    protocol === "https:" || (protocol === "http:" && ["127.0.0.1", "[::1]", "localhost"].includes(hostname))
  );
}

function invalid(what: string): ArgumentError {
  return new ArgumentError(`Option ${what}.`);
}
