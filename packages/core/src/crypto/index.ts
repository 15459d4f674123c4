/**
 * The platform's cryptography as the client uses it, for packages that seal data of their own.
 *
 * @module
 */
export { provider } from "#crypto";
export type { CryptoProvider } from "./provider.ts";
