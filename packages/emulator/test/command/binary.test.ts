import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { expect, test } from "vitest";

const binary = join(import.meta.dirname, "../../src/bin/ksm-vault.ts");

test.each(["SIGTERM", "SIGINT"] as const)(
  "the process is ready on one line and ends with 0 on %s",
  async (signal) => {
    const child = spawn(process.execPath, ["--conditions=ksmkit-source", binary, "start", "--tokens", "1"], {
      stdio: ["ignore", "pipe", "pipe"],
    });
    try {
      const [line]: unknown[] = await once(createInterface(child.stdout), "line");
      const ready: { ready: boolean; ksm: { caFile: string } } = JSON.parse(String(line));
      expect(ready.ready).toBe(true);
      expect(existsSync(ready.ksm.caFile)).toBe(true);
      const ended = once(child, "exit");
      child.kill(signal);
      expect(await ended).toEqual([0, null]);
      expect(existsSync(ready.ksm.caFile)).toBe(false);
    } finally {
      child.kill("SIGKILL");
    }
  },
);
