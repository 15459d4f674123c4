/** The local vault in a process of its own. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { VaultSeed } from "@ksmkit/emulator";
import { startLocalVault, type KsmFacts } from "@ksmkit/tool-local-vault";

/** A running vault; disposing it ends the process. */
export interface VaultProcess extends AsyncDisposable {
  readonly facts: KsmFacts;
}

/** Starts `ksm-vault start` without a rate limit, with generated records or with a seed. */
export async function startVaultProcess(contents: number | VaultSeed): Promise<VaultProcess> {
  const folder = await mkdtemp(join(tmpdir(), "ksmkit-bench-seed-"));
  const seedFile = join(folder, "seed.json");
  try {
    if (typeof contents !== "number") await writeFile(seedFile, JSON.stringify(contents));
    const source = typeof contents === "number" ? ["--generate", String(contents)] : ["--seed", seedFile];
    return await startWith([...source, "--tokens", "20", "--no-rate-limit"]);
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function startWith(args: readonly string[]): Promise<VaultProcess> {
  const vault = await startLocalVault(args);
  return { facts: vault.ksm, [Symbol.asyncDispose]: () => vault.stop() };
}
