/**
 * The platform's cryptography as the client uses it, for packages that seal data of their own.
 *
 * @module
 */
import { provider as platformProvider } from "#crypto";
import type { CryptoProvider } from "./provider.ts";

export type { Awaitable, CryptoProvider, HmacHash, PrivateKey, PublicKey, SealedItem } from "./provider.ts";

/** The platform's provider. */
export const provider: CryptoProvider = platformProvider;
