/** The official SDK as a client of the vault; its keys are process-wide, so one client at a time. */
import { readFileSync } from "node:fs";
import { Agent } from "node:https";
import {
  getSecrets2,
  initialize,
  initializeStorage,
  inMemoryStorage,
  type SecretManagerOptions,
  setCustomProxyAgent,
} from "@keeper-security/secrets-manager-core";
import type { Vault } from "../../src/index.ts";

/** Options for the official SDK's functions, with a storage made from the vault's next token. */
export async function officialClient(vault: Vault, token?: string): Promise<SecretManagerOptions> {
  const { ksm } = vault;
  initialize("17.5.0");
  if (ksm.caFile !== undefined) {
    // The SDK ignores its TLS option for file transfers; its agent hook covers them.
    setCustomProxyAgent(new Agent({ ca: readFileSync(ksm.caFile) }));
  }
  const storage = inMemoryStorage({});
  await initializeStorage(storage, token ?? ksm.oneTimeTokens[0] ?? "", ksm.hostname);
  return {
    storage,
    serverPublicKey: ksm.serverPublicKey,
    serverPublicKeyId: ksm.serverPublicKeyId,
    throttleSleep: async () => undefined,
  };
}

/** The first `get_secret`, which binds. */
export async function bind(vault: Vault, token?: string): Promise<SecretManagerOptions> {
  const options = await officialClient(vault, token);
  await getSecrets2(options);
  return options;
}
