/** The real SDK client against the fake. */
import { generateKeyPairSync } from "node:crypto";
import type { TokenCredential } from "@azure/identity";
import type { CryptographyClient } from "@azure/keyvault-keys";
import type { KeyWrapper, WrapContext } from "@ksmkit/core/sealed/node";
import { startKeyVault, type KeyVault, type KeyVaultKeyOptions } from "@ksmkit/kms-fakes/azure";
import type { AzureCredential, AzureKeyVaultClient } from "../src/azure-keyvault-client.ts";
import { azureKeyVaultKey } from "../src/azure-keyvault-storage.ts";
import type { AzureKeyVaultKeyOptions } from "../src/options.ts";

/** A running service. */
export interface TestService {
  vault: KeyVault;
  /** How this package reaches it, with the SDK's own client. */
  connection: Pick<AzureKeyVaultKeyOptions, "credential" | "clientOptions">;
  /** Makes a key in the service and a wrapper of its first version. */
  wrapper: (key?: KeyVaultKeyOptions, options?: Partial<AzureKeyVaultKeyOptions>) => Promise<KeyWrapper>;
}

/** Starts a service. */
export async function startService(): Promise<TestService> {
  const vault = await startKeyVault();
  const connection = { credential: vault.credential(), clientOptions: vault.clientOptions };
  return {
    vault,
    connection,
    wrapper: async (keyOptions = {}, options = {}) => {
      const { versions } = await vault.createKey({ privateKeyPem: rsaKeys[0], ...keyOptions });
      return azureKeyVaultKey({ keyId: versions[0]!.id, ...connection, ...options });
    },
  };
}

/** Made once: a fresh one for every test would take most of its time. */
export const rsaKeys = [rsaKeyPem(), rsaKeyPem()] as const;

function rsaKeyPem(): string {
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  return privateKey.export({ type: "pkcs8", format: "pem" }).toString();
}

/** A call with plenty of time. */
export function context(purpose: WrapContext["purpose"] = "data-key"): WrapContext {
  return { purpose, signal: AbortSignal.timeout(60_000) };
}

/** 32 bytes. */
export const dataKey = Uint8Array.from({ length: 32 }, (_, i) => 3 * i + 1);

/** The SDK's types fit the structures that the package asks for. */
export const structural = (
  client: CryptographyClient,
  credential: TokenCredential,
): [AzureKeyVaultClient, AzureCredential] => [client, credential];
