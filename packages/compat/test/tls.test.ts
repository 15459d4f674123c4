/** Real sockets: certificates, agents, and errors as Node makes them. */
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { Agent } from "node:https";
import type { AddressInfo } from "node:net";
import { startVault, type Vault } from "@ksmkit/emulator";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import {
  downloadFile,
  downloadThumbnail,
  getSecrets,
  inMemoryStorage,
  platform,
  initializeStorage,
  setCustomProxyAgent,
  uploadFile,
  type SecretManagerOptions,
} from "../src/index.ts";

let vault: Vault;
let device: SecretManagerOptions;

beforeAll(async () => {
  vault = await startVault({
    rateLimit: false,
    seed: {
      folders: [{ name: "Team" }],
      records: [
        {
          folder: "Team",
          type: "login",
          title: "Files",
          fields: [],
          files: [{ name: "a.txt", content: "text", thumbnail: btoa("small") }],
        },
      ],
    },
  });
  const storage = inMemoryStorage({});
  const { hostname, oneTimeTokens, serverPublicKey, serverPublicKeyId } = vault.ksm;
  await initializeStorage(storage, oneTimeTokens[0] ?? "", hostname);
  device = { storage, serverPublicKey, serverPublicKeyId };
});
afterEach(() => setCustomProxyAgent(undefined));
afterAll(() => vault.close());

describe("certificates", () => {
  it("are checked, and the error is Node's", async () => {
    await expect(getSecrets(device)).rejects.toMatchObject({ code: "UNABLE_TO_VERIFY_LEAF_SIGNATURE" });
  });

  it("are not checked when the options say so, for files neither", async () => {
    const unverified = { ...device, allowUnverifiedCertificate: true };
    const record = (await getSecrets(unverified)).records[0]!;
    const file = record.files?.[0];
    expect((await downloadFile(file!)).toString()).toBe("text");
    expect((await downloadThumbnail(file!)).toString()).toBe("small");
    const uid = await uploadFile(unverified, record, {
      name: "b",
      title: "b",
      data: new Uint8Array([1, 2, 3]),
    });
    const files = (await getSecrets(unverified)).records[0]?.files ?? [];
    expect(await downloadFile(files.find(({ fileUid }) => fileUid === uid)!)).toEqual(Buffer.from([1, 2, 3]));
    // Read again with checks, the same file is fetched with checks.
    setCustomProxyAgent(new Agent({ ca: await readFile(vault.ksm.caFile ?? "", "utf8") }));
    const checked = (await getSecrets(device)).records[0]?.files?.[0];
    setCustomProxyAgent(undefined);
    await expect(downloadFile(checked!)).rejects.toMatchObject({ code: "UNABLE_TO_VERIFY_LEAF_SIGNATURE" });
  });
});

describe("hangs", () => {
  it("a service that never answers is given up after two minutes, a file after ten", async () => {
    const server = createServer(() => {
      // Takes the request and stays silent.
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    try {
      for (const [ms, call] of [
        [120_000, () => platform.post(`http://127.0.0.1:${port}/`, new Uint8Array(1))],
        [600_000, () => platform.get(`http://127.0.0.1:${port}/`, {})],
      ] as const) {
        const ended = call().catch((error: unknown) => String(error));
        await vi.advanceTimersByTimeAsync(ms - 1);
        await vi.advanceTimersByTimeAsync(1);
        expect(await ended).toContain(`took longer than ${ms} ms`);
      }
    } finally {
      vi.useRealTimers();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    }
  });
});

describe("errors", () => {
  it("of the connection are Node's own", async () => {
    const storage = inMemoryStorage({});
    await initializeStorage(storage, vault.ksm.oneTimeTokens[1] ?? "", "localhost:1");
    await expect(getSecrets({ storage })).rejects.toMatchObject({
      code: "ECONNREFUSED",
      message: /^connect ECONNREFUSED/,
    });
  });

  it("of a missing configuration have the official words", async () => {
    await expect(getSecrets({ storage: inMemoryStorage({}) })).rejects.toThrow(
      "Client Id is missing from the configuration",
    );
  });
});
