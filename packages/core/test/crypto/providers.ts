/** Both providers: every rule of this room holds for each of them. */
import { expect } from "vitest";
import type { CryptoProvider } from "../../src/crypto/provider.ts";
import { provider as nodeProvider } from "../../src/crypto/node/provider.ts";
import { provider as webProvider } from "../../src/crypto/web/provider.ts";

export { nodeProvider, webProvider };

export const providers: [name: string, crypto: CryptoProvider][] = [
  ["node", nodeProvider],
  ["web", webProvider],
];

/** A matcher for the error of an unusable key; `part` must occur in its message. */
export function keyInvalid(part = ""): object {
  return expect.objectContaining({
    name: "CryptoError",
    code: "ERR_KSM_CRYPTO_KEY_INVALID",
    message: expect.stringContaining(part) as string,
  }) as object;
}
