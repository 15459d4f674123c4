/** Cloud SDKs are optional peers: they are looked for with the first call, never when a package is imported. */
import { kmsFailure, type KmsFailure } from "./kms-failure.ts";

/**
 * Loads an SDK.
 *
 * @param name the package, for the message, and to distinguish its absence from a failure inside it
 * @param load the import; written out by the caller, so that bundlers see it
 * @throws {@link KmsError} `ERR_KSM_KMS_SDK_MISSING`
 * @example
 * ```ts
 * const sdk = await loadSdk("@aws-sdk/client-kms", () => import("@aws-sdk/client-kms"), { provider, keyId });
 * ```
 */
export async function loadSdk<Sdk>(
  name: string,
  load: () => Promise<Sdk>,
  key: Pick<KmsFailure, "provider" | "keyId">,
): Promise<Sdk> {
  try {
    return await load();
  } catch (cause) {
    throw kmsFailure("ERR_KSM_KMS_SDK_MISSING", {
      ...key,
      operation: "loading the SDK",
      help: isAbsent(cause, name)
        ? `Install the package ${name} next to this one, or pass a client.`
        : `The package ${name} is there but does not load; see the cause.`,
      cause,
    });
  }
}

function isAbsent(error: unknown, name: string): boolean {
  if (!(error instanceof Error) || !("code" in error)) return false;
  return /^(?:ERR_)?MODULE_NOT_FOUND$/.test(String(error.code)) && error.message.includes(`'${name}'`);
}
