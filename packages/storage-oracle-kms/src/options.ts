/** What can be wrong with the options, found out before anything is stored. */
import { ArgumentError } from "@ksmkit/core/sealed/node";
import type { OracleKmsKeyOptions } from "./oracle-kms-key.ts";

/** @throws {@link ArgumentError} `ERR_KSM_ARGUMENT_INVALID` */
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
