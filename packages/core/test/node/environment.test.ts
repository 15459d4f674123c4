import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { memoryStorage } from "../../src/config/storage.ts";
import { fromEnvironment, storageFromEnvironment } from "../../src/node/environment.ts";
import type { StorageWarning } from "../../src/node/file-storage.ts";

const bound = '{"hostname":"h.example","appKey":"k"}';

async function looseFile(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), "ksmkit-env-"));
  onTestFinished(() => rm(directory, { recursive: true }));
  const path = join(directory, "ksm.json");
  await writeFile(path, bound);
  await chmod(path, 0o644);
  return path;
}

describe("fromEnvironment", () => {
  it("leaves out what is not set, so that it never hides another option", () => {
    const storage = memoryStorage();
    expect(fromEnvironment({ env: {}, storage })).toEqual({ storage });
    expect(fromEnvironment({ env: { KSM_SKIP_VERIFY: "no", KSM_TOKEN: "" }, storage })).toEqual({ storage });
  });

  it("asks for a storage when there is none, rather than assume a file", () => {
    expect(() => fromEnvironment({ env: { KSM_TOKEN: "EU:abc" } })).toThrow(
      expect.objectContaining({
        code: "ERR_KSM_ARGUMENT_INVALID",
        message: expect.stringContaining("KSM_CONFIG_FILE"),
      }),
    );
  });

  it("prefers the environment over the storage given", () => {
    const { storage } = fromEnvironment({ env: { KSM_CONFIG: bound }, storage: memoryStorage() });
    expect(storage.description).toBe("KSM_CONFIG");
  });

  it("passes the token on with its region, beside the storage it is to be bound in", async () => {
    const path = await looseFile();
    const { storage, ...rest } = fromEnvironment({
      env: { KSM_TOKEN: "EU:abc", KSM_CONFIG_FILE: path, KSM_HOSTNAME: "jp", KSM_SKIP_VERIFY: "on" },
    });
    expect(rest).toEqual({ token: "EU:abc", hostname: "keepersecurity.jp", verifyCertificates: false });
    expect(storage.description).toBe(`file ${path}`);
  });

  it("passes on the server of an isolated deployment and the content of its authority file", async () => {
    const path = await looseFile();
    const env = { KSM_SERVER_PUBLIC_KEY: "BK", KSM_SERVER_PUBLIC_KEY_ID: "20", KSM_CA_FILE: path };
    const storage = memoryStorage();
    const server = { serverPublicKey: "BK", serverPublicKeyId: "20", ca: bound };
    expect(fromEnvironment({ env, storage })).toEqual({ storage, ...server });
  });

  it("refuses an authority file that cannot be read", () => {
    expect(() =>
      fromEnvironment({ env: { KSM_CA_FILE: "/nowhere/ca.pem" }, storage: memoryStorage() }),
    ).toThrow(
      expect.objectContaining({
        code: "ERR_KSM_ARGUMENT_INVALID",
        message: expect.stringContaining("KSM_CA_FILE"),
      }),
    );
  });

  it("prefers KSM_CONFIG over KSM_CONFIG_FILE", async () => {
    const { storage } = fromEnvironment({ env: { KSM_CONFIG: bound, KSM_CONFIG_FILE: "/nowhere" } });
    expect(storage.description).toBe("KSM_CONFIG");
    expect(await storage.load()).toEqual(JSON.parse(bound));
  });

  it("reads process.env when no variables are given", () => {
    const storage = memoryStorage();
    expect(fromEnvironment({ storage })).toEqual(fromEnvironment({ env: process.env, storage }));
  });

  it.each([{ KSM_CONFIG: "{" }, { KSM_CONFIG: "[]" }])("refuses %j", (env) => {
    expect(() => fromEnvironment({ env })).toThrow(
      expect.objectContaining({ code: "ERR_KSM_CONFIG_INVALID" }),
    );
  });

  it.each([{ KSM_SKIP_VERIFY: "maybe" }, { KSM_HOSTNAME: "http://h" }])("refuses %j", (env) => {
    expect(() => fromEnvironment({ env })).toThrow(
      expect.objectContaining({ code: "ERR_KSM_ARGUMENT_INVALID" }),
    );
  });
});

describe("storageFromEnvironment", () => {
  it.each([
    ["warns about loose permissions", {}, 1],
    ["does not when the warning is off", { KSM_CONFIG_SKIP_MODE_WARNING: "true" }, 0],
    ["does not when permissions are left alone", { KSM_CONFIG_SKIP_MODE: "true" }, 0],
  ])("%s", async (_what, env, count) => {
    const warnings: StorageWarning[] = [];
    const onWarning = (warning: StorageWarning): void => void warnings.push(warning);
    const storage = storageFromEnvironment({
      env: { KSM_CONFIG_FILE: await looseFile(), ...env },
      onWarning,
    });
    await storage?.load();
    expect(warnings).toHaveLength(count);
  });

  it("refuses loose permissions when they are strict", async () => {
    const storage = storageFromEnvironment({
      env: { KSM_CONFIG_FILE: await looseFile() },
      strictPermissions: true,
    });
    await expect(storage?.load()).rejects.toMatchObject({ code: "ERR_KSM_STORAGE_PERMISSIONS" });
  });
});
