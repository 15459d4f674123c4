import { expect, test } from "vitest";
import { getSecrets } from "@keeper-security/secrets-manager-core";
import { startVault } from "../../src/index.ts";
import { officialClient } from "./official-sdk.ts";

test("the official SDK binds and reads", async () => {
  await using vault = await startVault();
  const options = await officialClient(vault);
  const secrets = await getSecrets(options);
  expect(secrets.records.map((record) => record.data.title)).toContain("Web shop");
  expect(vault.owner.clients()[0]?.binding).toBe("bound");
});
