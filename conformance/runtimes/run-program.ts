/** Runs a program to its end, within a limit. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { runLimitMs } from "./runtime.ts";

/** Where the pinned runtimes are installed. */
export const installed: string = join(import.meta.dirname, "../../tools/runtimes/node_modules");

/** Output of a program that ended. */
export interface ProgramOutput {
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Runs a program without its parent's proxies and certificates.
 *
 * @throws when it cannot be started, takes too long or ends with another code than 0; the message holds its output
 */
export async function runProgram(
  program: string,
  args: readonly string[],
  cwd: string,
): Promise<ProgramOutput> {
  const { PATH, HOME, TMPDIR } = process.env;
  const env = { PATH, HOME, TMPDIR, DENO_NO_UPDATE_CHECK: "1", NO_COLOR: "1" };
  // A group of its own: some programs are scripts that start the real one.
  const child = spawn(program, args, { cwd, env, stdio: ["ignore", "pipe", "pipe"], detached: true });
  const timer = setTimeout(() => child.pid !== undefined && process.kill(-child.pid, "SIGKILL"), runLimitMs);
  try {
    const [[code, signal], stdout, stderr] = await Promise.all([
      once(child, "exit"),
      text(child.stdout),
      text(child.stderr),
    ]);
    if (code === 0) return { stdout, stderr };
    throw new Error(`ended with ${String(signal ?? code)}\n${`${stdout}\n${stderr}`.trim().slice(-3000)}`);
  } finally {
    clearTimeout(timer);
  }
}
