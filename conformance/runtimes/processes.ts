/** Node, Bun and Deno: the suite in a process that resolves the built packages by its own conditions. */
import { join } from "node:path";
import type { ProcessTask } from "../hosts/process.ts";
import type { HostReport } from "../suite/conformance-case.ts";
import { outputFolder } from "./bundle-suite.ts";
import type { RunOnRuntime } from "./runtime.ts";
import { installed, runProgram } from "./run-program.ts";

function onProcess(program: string, flags: readonly string[] = []): RunOnRuntime {
  return async ({ runtime, vault, ca }) => {
    const task: ProcessTask = { runtime, vault, ca };
    const args = [...flags, join(outputFolder, "process.js"), JSON.stringify(task)];
    const { stdout, stderr } = await runProgram(join(installed, program), args, outputFolder);
    const lines = stdout.trim().split("\n");
    if (lines.length !== 1 || stderr !== "")
      throw new Error(`it printed more than its report:\n${stdout.slice(0, 500)}${stderr}`);
    return JSON.parse(lines[0] ?? "") as HostReport;
  };
}

const denoFlags = [
  "run",
  "--no-prompt",
  "--no-remote",
  "--node-modules-dir=manual",
  "--allow-net=localhost",
  "--allow-read",
  "--allow-write",
  "--allow-env",
  // For the platform's certificate authorities, which are trusted beside the option `ca`.
  "--allow-sys",
];

/** How each is started. */
export const processes: Record<"node20" | "node22" | "node24" | "node26" | "bun" | "deno", RunOnRuntime> = {
  node20: onProcess("node20/bin/node"),
  node22: onProcess("node22/bin/node"),
  node24: onProcess("node24/bin/node"),
  node26: onProcess("node26/bin/node"),
  bun: onProcess(".bin/bun", ["run", "--no-install"]),
  deno: onProcess(".bin/deno", denoFlags),
};
