/** Options of Azure Key Vault keys and storages, and identifiers of keys (kms-storage section 5). */
import { ArgumentError, type SealedPlaceOptions, anyOption } from "@ksmkit/core/sealed/node";
import type { AzureKeyId, AzureKeyVaultConnection } from "./azure-keyvault-client.ts";

/** RSA-OAEP with SHA-1, or with SHA-256. */
export type AzureWrapAlgorithm = "RSA-OAEP" | "RSA-OAEP-256";

/** Options of {@link azureKeyVaultKey}. */
export interface AzureKeyVaultKeyOptions extends AzureKeyVaultConnection {
  /**
   * `https://VAULT.vault.azure.net/keys/NAME/VERSION`, an RSA key. Without a version the newest is used, and what
   * was sealed before a rotation of the key does not open any more. Default: `KSM_AZ_KEY_ID` from the environment.
   */
  keyId?: string | undefined;
  /** Default: `RSA-OAEP`, which the official clients use; the official Java client uses `RSA-OAEP-256`. */
  algorithm?: AzureWrapAlgorithm | undefined;
  /** The environment variables. Default: `process.env`. */
  env?: Readonly<Record<string, string | undefined>> | undefined;
}

/** Options of {@link azureKeyVaultStorage}: the key, and where and how the configuration is stored. */
export interface AzureKeyVaultStorageOptions extends AzureKeyVaultKeyOptions, SealedPlaceOptions {}

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

/** The names of the options of a key; {@link checkOptions} looks at what they hold. */
export const keyChecks: { readonly [Name in keyof Required<AzureKeyVaultKeyOptions>]: typeof anyOption } = {
  keyId: anyOption,
  algorithm: anyOption,
  env: anyOption,
  client: anyOption,
  credential: anyOption,
  clientOptions: anyOption,
  requestTimeoutMs: anyOption,
};

/** Checks the options of a key. @throws {@link ArgumentError} `ERR_KSM_ARGUMENT_INVALID` */
export function checkOptions({ algorithm, requestTimeoutMs }: AzureKeyVaultKeyOptions): void {
  if (algorithm !== "RSA-OAEP" && algorithm !== "RSA-OAEP-256")
    throw new ArgumentError("Option algorithm must be RSA-OAEP or RSA-OAEP-256.");
  if (!(typeof requestTimeoutMs === "number" && requestTimeoutMs > 0))
    throw new ArgumentError("Option requestTimeoutMs must be a positive number.");
}
