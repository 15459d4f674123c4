import { startVault } from "@ksmkit/emulator";
import { readFile } from "node:fs/promises";
import { expect, it } from "vitest";
import { localClient } from "./local-client.ts";

it("says which option trusts the authority of a server that nobody vouches for", async () => {
  await using vault = await startVault({ tokens: 1 });
  using without = localClient(vault, { fetch: undefined, env: {} });
  await expect(without.getSecrets()).rejects.toMatchObject({
    code: "ERR_KSM_TRANSPORT_TLS",
    message: expect.stringMatching(/\((?:UNABLE_TO|SELF_SIGNED)_\w+\); .* option `ca`\.$/) as string,
  });
  const ca = await readFile(vault.ksm.caFile ?? "", "utf8");
  using trusting = localClient(vault, { fetch: undefined, env: {}, ca });
  expect((await trusting.getSecrets()).problems).toEqual([]);
});
