/** Oracle Cloud Vault on loopback: the crypto and management endpoints, with request signatures that are checked. */
export { startOracleKms, type OracleKms } from "./oracle-kms.ts";
export type { OracleKey, OracleKeyOptions, OracleKeyVersion } from "./keys.ts";
export type { OracleUser } from "./request-signature.ts";
