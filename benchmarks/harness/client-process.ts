/** Runs one task of one SDK in a process of its own, so that neither warms, nor bloats, nor disturbs the other. */
import { fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { Measurement } from "./measure.ts";

/** The two sides of every comparison. */
export type Sdk = "ksmkit" | "vendor";

/** What a client process is asked to do. */
export interface Task {
  name:
    | "getSecrets"
    | "getSecretsLazy"
    | "getSecret"
    | "notation"
    | "resolve"
    | "create"
    | "save"
    | "bind"
    | "uids"
    | "references";
  /** Bound configuration as JSON; for `bind` the one-time token. */
  config: string;
  hostname?: string;
  serverPublicKeyId?: string;
  serverPublicKey?: string;
  calls: number;
  warmUps: number;
  /** Notations to look up, or the uid to fetch. */
  references?: string[];
}

const limitMs = 300_000;

/** Runs the task and gives what the process sends back. */
export function runClient<T = Measurement>(sdk: Sdk, task: Task, caFile: string): Promise<T> {
  return new Promise((resolve, reject) => {
    const child = fork(fileURLToPath(new URL(`../clients/${sdk}.ts`, import.meta.url)), {
      env: { ...process.env, NODE_EXTRA_CA_CERTS: caFile },
      // The vendor's SDK prints; what it prints is not a result.
      stdio: ["ignore", "ignore", "inherit", "ipc"],
      execArgv: [],
    });
    const timer = setTimeout(() => child.kill("SIGKILL"), limitMs);
    let result: T | undefined;
    child.on("message", (message) => {
      result = message as T;
      child.disconnect();
    });
    child.on("error", reject);
    child.on("exit", (code, signal) => {
      clearTimeout(timer);
      if (result !== undefined && code === 0) resolve(result);
      else reject(new Error(`${sdk} ${task.name} ended with ${signal ?? code} and no result`));
    });
    child.send(task);
  });
}

/** Alternates the two SDKs for `rounds` rounds and gives all measurements of each. */
export async function alternate(
  tasks: Record<string, { sdk: Sdk; task: Task }>,
  caFile: string,
  rounds: number,
): Promise<Record<string, Measurement[]>> {
  const results: Record<string, Measurement[]> = {};
  for (let round = 0; round < rounds; round++) {
    for (const [name, { sdk, task }] of Object.entries(tasks)) {
      (results[name] ??= []).push(await runClient(sdk, task, caFile));
    }
  }
  return results;
}
