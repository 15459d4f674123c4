/** Identifiers of Azure Key Vault keys (kms-storage section 5). */
import { ArgumentError } from "@ksmkit/core/sealed/node";

/** A parsed identifier. */
export interface AzureKeyId {
  /** As it was given. */
  readonly id: string;
  /** `https://NAME.vault.azure.net`. */
  readonly vaultUrl: string;
  readonly name: string;
  readonly version: string | undefined;
}

const path = /^\/keys\/([0-9A-Za-z-]{1,127})(?:\/([0-9A-Fa-f]{32}))?$/;

/** Parses `https://VAULT/keys/NAME[/VERSION]`. @throws {@link ArgumentError} */
export function parseKeyId(id: string | undefined): AzureKeyId {
  const url = typeof id === "string" && URL.canParse(id) ? new URL(id) : undefined;
  const [, name, version] = (url && path.exec(url.pathname)) ?? [];
  if (
    id !== undefined &&
    name !== undefined &&
    url?.protocol === "https:" &&
    url.origin + url.pathname === id
  )
    return { id, vaultUrl: url.origin, name, version };
  throw new ArgumentError(
    "Option keyId must be https://VAULT.vault.azure.net/keys/NAME, with /VERSION where one is meant; so may KSM_AZ_KEY_ID.",
  );
}
