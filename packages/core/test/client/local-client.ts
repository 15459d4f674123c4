/** A client of a local vault, joined without a socket. */
import { startVault, type Vault, type VaultOptions } from "@ksmkit/emulator";
import type { SecretsManagerOptions } from "../../src/client/secrets-manager-options.ts";
import { SecretsEditor } from "../../src/client/secrets-editor.ts";
import { memoryStorage } from "../../src/config/storage.ts";

/** Starts a vault without a listener and without throttling. */
export function startLocalVault(options: VaultOptions = {}): Promise<Vault> {
  return startVault({ listen: false, rateLimit: false, ...options });
}

/** Options that reach the vault with its n-th token; anything may be overridden. */
export function clientOptions(
  vault: Vault,
  overrides: Partial<SecretsManagerOptions> = {},
): SecretsManagerOptions {
  const { hostname, oneTimeTokens, serverPublicKey, serverPublicKeyId } = vault.ksm;
  return {
    storage: memoryStorage(),
    token: oneTimeTokens[0],
    hostname,
    serverPublicKey,
    serverPublicKeyId,
    fetch: vault.fetch,
    ...overrides,
  };
}

/** A client that binds with the vault's first token. */
export function localClient(vault: Vault, overrides: Partial<SecretsManagerOptions> = {}): SecretsEditor {
  return new SecretsEditor(clientOptions(vault, overrides));
}
