/** Starts the local vault as its users do: the `ksm-vault` command in a process of its own. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

/** The `ksm` part of the ready line. */
export interface KsmFacts {
  hostname: string;
  oneTimeTokens: string[];
  serverPublicKeyId: string;
  serverPublicKey: string;
  caFile: string;
}

/** A running vault. */
export interface LocalVault extends AsyncDisposable {
  readonly ksm: KsmFacts;
  /** Ends the process and waits for it. */
  stop(): Promise<void>;
}

// Generating a large vault takes long.
const startLimitMs = 120_000;
const stopLimitMs = 10_000;

/**
 * Starts `ksm-vault start` and waits for its ready line.
 *
 * @param args further arguments of the command, for example `["--tokens", "20"]`
 */
export async function startLocalVault(args: readonly string[] = []): Promise<LocalVault> {
  const entry = fileURLToPath(import.meta.resolve("@ksmkit/emulator"));
  const binary = fileURLToPath(new URL("./bin/ksm-vault.js", `file://${entry}`));
  const child = spawn(process.execPath, [binary, "start", "--no-console", ...args], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const exited = once(child, "exit");
  const stop = async (): Promise<void> => {
    child.kill("SIGTERM");
    const force = setTimeout(() => child.kill("SIGKILL"), stopLimitMs);
    await exited;
    clearTimeout(force);
  };
  const timer = setTimeout(() => child.kill("SIGKILL"), startLimitMs);
  try {
    for await (const line of createInterface({ input: child.stdout })) {
      const { ksm } = JSON.parse(line) as { ksm: KsmFacts };
      return { ksm, stop, [Symbol.asyncDispose]: stop };
    }
  } finally {
    clearTimeout(timer);
  }
  throw new Error("the local vault ended before it was ready");
}
