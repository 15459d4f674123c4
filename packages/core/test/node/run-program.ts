import { spawn, type ChildProcess } from "node:child_process";
import { fileURLToPath } from "node:url";

/** How a test program runs. */
export interface ProgramOptions {
  /** Folder for compiled modules: a program starts in a third of the time once another one has ended well. */
  cache?: string;
  /** Runs it as this user. Root only. */
  uid?: number | undefined;
  /** Largest file that it may write, in units of 512 bytes. */
  fileLimit?: number;
}

/** Starts one of the test programs beside this file on the running Node. */
export function startProgram(
  name: string,
  args: readonly string[],
  { cache, uid, fileLimit }: ProgramOptions = {},
): ChildProcess {
  const path = fileURLToPath(new URL(`programs/${name}.ts`, import.meta.url));
  const command = [process.execPath, "--conditions=ksmkit-source", "--no-warnings", path, ...args];
  const limit = fileLimit === undefined ? "" : `ulimit -f ${fileLimit}; `;
  return spawn("/bin/sh", ["-c", `${limit}exec "$@"`, "sh", ...command], {
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, ...(cache !== undefined && { NODE_COMPILE_CACHE: cache }) },
    ...(uid !== undefined && { uid }),
  });
}

/** Waits for a program and gives what it printed; rejects with its errors when it fails. */
export function finished(child: ChildProcess): Promise<string> {
  let output = "";
  let errors = "";
  child.stdout?.on("data", (chunk: Buffer) => (output += chunk.toString()));
  child.stderr?.on("data", (chunk: Buffer) => (errors += chunk.toString()));
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => (code === 0 ? resolve(output) : reject(new Error(errors))));
  });
}
