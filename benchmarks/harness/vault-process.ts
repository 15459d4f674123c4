/** The local vault in a process of its own, with generated records and its answer prepared. */
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

/** Facts of the ready line that the clients need. */
export interface VaultFacts {
  hostname: string;
  oneTimeTokens: string[];
  serverPublicKeyId: string;
  serverPublicKey: string;
  caFile: string;
}

/** A running vault; disposing it ends the process. */
export interface VaultProcess extends AsyncDisposable {
  readonly facts: VaultFacts;
}

const binary = fileURLToPath(
  new URL("../../packages/emulator/dist/on-node/bin/ksm-vault.js", import.meta.url),
);
const startLimitMs = 120_000;

/** Starts `ksm-vault start --generate N` without a rate limit. */
export async function startVaultProcess(records: number): Promise<VaultProcess> {
  const child = spawn(
    process.execPath,
    [binary, "start", "--generate", String(records), "--tokens", "20", "--no-rate-limit"],
    { stdio: ["ignore", "pipe", "inherit"] },
  );
  const exited = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  const lines = createInterface({ input: child.stdout });
  const timer = setTimeout(() => child.kill("SIGKILL"), startLimitMs);
  try {
    for await (const line of lines) {
      const ready = JSON.parse(line) as { ksm: VaultFacts };
      return {
        facts: ready.ksm,
        async [Symbol.asyncDispose]() {
          child.kill("SIGTERM");
          await exited;
        },
      };
    }
  } finally {
    clearTimeout(timer);
  }
  throw new Error("the vault ended before it was ready");
}
