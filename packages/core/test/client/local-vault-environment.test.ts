/** The variables that `ksm-vault env` prints are all that a client needs. */
import { readFile, rm, mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startVault } from "@ksmkit/emulator";
import { expect, it, onTestFinished } from "vitest";
import { memoryStorage } from "../../src/config/storage.ts";
import { SecretsManager } from "../../src/client/secrets-manager.ts";
import { fromEnvironment } from "../../src/node/environment.ts";

it("reads the local vault with fromEnvironment() alone", async () => {
  const vault = await startVault({ console: true, tokens: 0 });
  onTestFinished(() => vault.close());
  const authorization = `Bearer ${await readFile(vault.consoleTokenFile ?? "", "utf8")}`;
  const response = await fetch(`${vault.console}api/environment`, {
    method: "POST",
    headers: { authorization },
    body: "{}",
  });
  const env = (await response.json()) as Record<string, string>;
  for (const round of ["binding", "bound"]) {
    const manager = new SecretsManager({ ...fromEnvironment({ env }) });
    const record = await manager.getRecordByTitle("Web shop");
    expect(record.field("login"), round).toBe("anna@example.com");
    manager.close();
  }
  expect(vault.owner.clients()).toMatchObject([{ binding: "bound" }]);
});

it("takes the host of a bare token from KSM_HOSTNAME", async () => {
  const vault = await startVault({ tokens: 2 });
  onTestFinished(() => vault.close());
  const folder = await mkdtemp(join(tmpdir(), "ksmkit-env-vault-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  const { hostname, oneTimeTokens, serverPublicKey, serverPublicKeyId, caFile } = vault.ksm;
  const env = {
    KSM_TOKEN: oneTimeTokens[0],
    KSM_HOSTNAME: hostname,
    KSM_CONFIG_FILE: join(folder, "client.json"),
    KSM_SERVER_PUBLIC_KEY: serverPublicKey,
    KSM_SERVER_PUBLIC_KEY_ID: serverPublicKeyId,
    KSM_CA_FILE: caFile,
  };
  const manager = new SecretsManager({ ...fromEnvironment({ env }) });
  onTestFinished(() => manager.close());
  expect((await manager.getSecrets()).problems).toEqual([]);
});

it("takes host and server key of a bare token from the configuration", async () => {
  const vault = await startVault({ listen: false, tokens: 1 });
  onTestFinished(() => vault.close());
  const { hostname, oneTimeTokens, serverPublicKey, serverPublicKeyId } = vault.ksm;
  const storage = memoryStorage(JSON.stringify({ hostname, serverPublicKey, serverPublicKeyId }));
  const env = { KSM_TOKEN: oneTimeTokens[0] };
  const manager = new SecretsManager({ ...fromEnvironment({ env, storage }), fetch: vault.fetch });
  onTestFinished(() => manager.close());
  expect((await manager.getSecrets()).problems).toEqual([]);
  expect(await storage.load()).toMatchObject({ hostname, serverPublicKey, serverPublicKeyId });
});
