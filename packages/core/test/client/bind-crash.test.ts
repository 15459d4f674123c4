import { randomInt } from "node:crypto";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { startVault, type Vault } from "@ksmkit/emulator";
import { afterAll, beforeAll, expect, it } from "vitest";
import { SecretsManager } from "../../src/client/secrets-manager.ts";
import { parseConfigText } from "../../src/config/config-text.ts";
import { fileStorage } from "../../src/node/file-storage.ts";
import { startProgram } from "../node/run-program.ts";

const kills = process.env["KSMKIT_LONG"] === "1" ? 200 : 16;
const tokensPerRun = 30;

let vault: Vault;
let cache: string;
beforeAll(async () => {
  vault = await startVault({ rateLimit: false, tokens: 0 });
  cache = await mkdtemp(join(tmpdir(), "ksm-bind-cache-"));
});
afterAll(async () => {
  await vault.close();
  await rm(cache, { recursive: true });
});

it(
  `leaves a usable file or none after each of ${kills} kills while binding`,
  { timeout: 180_000 },
  async () => {
    const { hostname, serverPublicKey, serverPublicKeyId, caFile } = vault.ksm;
    const server = { hostname, serverPublicKey, serverPublicKeyId };
    const seen = new Set<string>();
    const killOnce = async (): Promise<void> => {
      const directory = await mkdtemp(join(tmpdir(), "ksm-bind-crash-"));
      const tokens = await Promise.all(Array.from({ length: tokensPerRun }, () => vault.newToken()));
      const child = startProgram("bind-forever", [JSON.stringify({ directory, tokens, caFile, ...server })], {
        cache,
      });
      const closed = once(child, "close");
      await Promise.race([once(child.stdout!, "data"), closed]);
      await wait(randomInt(0, 120));
      child.kill("SIGKILL");
      // Thirty bindings take longer than the longest wait: the process was still at work.
      expect(await closed).toEqual([null, "SIGKILL"]);

      // Whatever state each file was left in, the same token leads to a working client.
      for (const [index, token] of tokens.entries()) {
        const path = join(directory, `${index}.json`);
        if (existsSync(path)) {
          const values = parseConfigText(await readFile(path, "utf8"));
          seen.add("appKey" in values ? "bound" : "initialized");
          expect("appKey" in values || "clientKey" in values).toBe(true);
        } else if (index > 0 && !existsSync(join(directory, `${index - 1}.json`))) {
          break;
        } else seen.add("absent");
        const manager = new SecretsManager({
          storage: fileStorage({ path }),
          token,
          ...server,
          fetch: vault.fetch,
        });
        expect((await manager.getSecrets()).records.length).toBeGreaterThan(0);
      }
      await rm(directory, { recursive: true });
    };
    for (let done = 0; done < kills; done += 2) await Promise.all([killOnce(), killOnce()]);
    expect(seen).toContain("bound");
    expect(seen.size).toBeGreaterThan(1);
  },
);
