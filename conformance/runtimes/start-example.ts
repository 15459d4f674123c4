/** Starts an example as its readers do. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";

/** A running example; disposing it ends it and rejects when its exit code is not 0. */
export interface RunningExample extends AsyncDisposable {
  /** The address that it printed first. */
  readonly origin: string;
}

const startLimitMs = 20_000;

/** Starts `examples/<name>` and waits for its address. */
export async function startExample(name: string): Promise<RunningExample> {
  const program = join(import.meta.dirname, "../../examples", name, "dist/serve.js");
  const child = spawn(process.execPath, [program], { stdio: ["ignore", "pipe", "inherit"] });
  const exited = once(child, "exit");
  const timer = setTimeout(() => child.kill("SIGKILL"), startLimitMs);
  const lines = createInterface({ input: child.stdout });
  const first = await lines[Symbol.asyncIterator]().next();
  clearTimeout(timer);
  // What it prints later must not fill the pipe.
  child.stdout.resume();
  if (first.done) throw new Error(`example ${name} ended before it was ready`);
  return {
    origin: first.value,
    async [Symbol.asyncDispose]() {
      child.kill("SIGTERM");
      const [code] = (await exited) as [number | null];
      if (code !== 0) throw new Error(`example ${name} ended with ${code}`);
    },
  };
}
