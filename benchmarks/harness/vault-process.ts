/** The local vault in a process of its own, with generated records. */
import { startLocalVault, type KsmFacts } from "@ksmkit/tool-local-vault";

/** A running vault; disposing it ends the process. */
export interface VaultProcess extends AsyncDisposable {
  readonly facts: KsmFacts;
}

/** Starts `ksm-vault start --generate N` without a rate limit. */
export async function startVaultProcess(records: number): Promise<VaultProcess> {
  const vault = await startLocalVault(["--generate", String(records), "--tokens", "20", "--no-rate-limit"]);
  return { facts: vault.ksm, [Symbol.asyncDispose]: () => vault.stop() };
}
