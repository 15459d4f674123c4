/** Runs one task of one SDK in a process of its own, so that neither warms, nor bloats, nor disturbs the other. */
import { fork } from "node:child_process";
import { join } from "node:path";
import { compiledClients } from "./compile-clients.ts";
import type { Measurement } from "./measure.ts";

/** The vendor's SDK, and what is compared with it. */
export type Sdk = "ksmkit" | "compat" | "vendor";

/** The Node that runs a client. */
export type NodeName = "node20" | "node24";

/** The task of a client process. */
export interface Task {
  name:
    | "getSecrets"
    | "getSecretsLazy"
    | "getSecret"
    | "getFolders"
    | "downloadFile"
    | "notation"
    | "resolve"
    | "create"
    | "save"
    | "bind"
    | "uids"
    | "titles"
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

/** Path of a pinned Node; without a name the one that runs this process. */
function nodeProgram(name: NodeName | undefined): string {
  if (name === undefined) return process.execPath;
  return join(import.meta.dirname, "../../tools/runtimes/node_modules", name, "bin/node");
}

/** Runs the task and returns what the process sends back. */
export function runClient<T = Measurement>(
  sdk: Sdk,
  task: Task,
  caFile: string,
  node?: NodeName,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const child = fork(join(compiledClients, `${sdk}.js`), {
      execPath: nodeProgram(node),
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

/** Alternates the tasks for `rounds` rounds and returns all measurements of each. */
export async function alternate(
  tasks: Record<string, { sdk: Sdk; task: Task; node?: NodeName }>,
  caFile: string,
  rounds: number,
): Promise<Record<string, Measurement[]>> {
  const results: Record<string, Measurement[]> = {};
  for (let round = 0; round < rounds; round++) {
    for (const [name, { sdk, task, node }] of Object.entries(tasks)) {
      (results[name] ??= []).push(await runClient(sdk, task, caFile, node));
    }
  }
  return results;
}
