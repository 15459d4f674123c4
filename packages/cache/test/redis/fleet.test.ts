/** Real processes, a real redis-server, the vault over TLS: the short form of the fleet scenario. */
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { redisMissing } from "../support/redis-server.ts";

const program = fileURLToPath(new URL("programs/fleet.ts", import.meta.url));

describe.skipIf(redisMissing !== undefined)(
  `fleet${redisMissing ? ` (skipped: ${redisMissing})` : ""}`,
  () => {
    it("makes one request for each TTL, however many processes read", { timeout: 60_000 }, async () => {
      const [processes, rate, seconds, ttlMs] = [4, 50, 3, 1_000];
      const { stdout } = await promisify(execFile)(
        process.execPath,
        [
          "--conditions=ksmkit-source",
          "--no-warnings",
          program,
          ...[processes, rate, seconds, ttlMs].map(String),
        ],
        { timeout: 55_000 },
      );
      const result = JSON.parse(stdout) as Record<string, unknown>;
      expect(result).toMatchObject({ reads: processes * rate * seconds, failures: 0, wrong: 0 });
      // The start, one for each TTL, and one more for a machine that was held up.
      expect(result["serviceRequests"]).toBeLessThanOrEqual(1 + (seconds * 1_000) / ttlMs + 1);
    });
  },
);
