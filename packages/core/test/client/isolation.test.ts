import type { VaultSeed } from "@ksmkit/emulator";
import { expect, it } from "vitest";
import type { SecretsManager } from "../../src/client/secrets-manager.ts";
import { localClient, startLocalVault } from "./local-client.ts";

it("two clients of two applications, interleaved 200 times, never touch each other", async () => {
  const seed = (name: string): VaultSeed => ({
    application: { title: name },
    folders: [{ name: "Folder" }],
    records: Array.from({ length: 5 }, (_, i) => ({
      folder: "Folder",
      type: "login",
      title: `${name} ${i}`,
      fields: { login: name, password: `${name}-${i}` },
      files: [{ name: "a.txt", content: `${name} file ${i}` }],
    })),
  });
  await using left = await startLocalVault({ seed: seed("left") });
  await using right = await startLocalVault({ seed: seed("right") });
  const clients: [string, SecretsManager][] = [
    ["left", localClient(left)],
    ["right", localClient(right)],
  ];
  const round = async (name: string, manager: SecretsManager, index: number): Promise<void> => {
    const lazy = index % 3 === 0;
    const { records, problems, appData } = await manager.getSecrets({ lazy });
    expect(appData?.["title"]).toBe(name);
    expect(problems).toEqual([]);
    for (const record of records) expect(record.field("login")).toBe(name);
    if (index % 20 === 0) {
      const [file] = records[0]?.files ?? [];
      expect(new TextDecoder().decode(await manager.downloadFile(file!))).toMatch(
        new RegExp(`^${name} file`),
      );
    }
  };
  for (let start = 0; start < 200; start += 10) {
    await Promise.all(
      Array.from({ length: 10 }, (_, i) => start + i).flatMap((index) =>
        clients.map(([name, manager]) => round(name, manager, index)),
      ),
    );
  }
});
