import { describe, expect, test } from "vitest";
import { startVault } from "../../src/index.ts";
import { isLoopback } from "../../src/server/start-listener.ts";

test.each(["127.0.0.1", "127.1.2.3", "::1", "0:0:0:0:0:0:0:1", "localhost", "LOCALHOST", "::ffff:127.0.0.1"])(
  "%s is loopback",
  (host) => {
    expect(isLoopback(host)).toBe(true);
  },
);

const exposed = [
  "0.0.0.0",
  "::",
  "192.168.0.1",
  "10.0.0.1",
  "128.0.0.1",
  "fe80::1",
  "myhost",
  "0",
  "127.1",
  "localhost.example",
];

describe.each(exposed)("%s", (host) => {
  test("is refused without expose", async () => {
    const started = startVault({ host, tokens: 0 });
    await expect(started).rejects.toMatchObject({
      code: "ERR_VAULT_OPTION",
      message: expect.stringMatching(/loopback address, or permit it with expose/),
    });
    await expect(startVault({ host, expose: false, tokens: 0 })).rejects.toMatchObject({
      code: "ERR_VAULT_OPTION",
    });
  });
});

test("expose permits it, with a warning", async () => {
  await using vault = await startVault({ host: "0.0.0.0", expose: true, tokens: 0 });
  expect(vault.ksm.hostname).toMatch(/^localhost:\d+$/);
  expect(vault.warnings).toEqual([
    expect.stringContaining("listens on 0.0.0.0: other machines can reach it"),
  ]);
});

test("a loopback address needs no permission and no warning, nor does a vault without a listener", async () => {
  await using vault = await startVault({ host: "127.0.0.1", expose: true, tokens: 0 });
  await using silent = await startVault({ host: "0.0.0.0", listen: false, tokens: 0 });
  expect([...vault.warnings, ...silent.warnings]).toEqual([]);
});

test("an empty host, which would mean every address, is refused even with expose", async () => {
  await expect(startVault({ host: "", expose: true })).rejects.toMatchObject({ code: "ERR_VAULT_OPTION" });
});
