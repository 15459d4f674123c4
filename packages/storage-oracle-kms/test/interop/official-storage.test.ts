/** One file, opened by this package and by the vendor's own: its storages for the other clouds share the layout. */
import { fork } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, it } from "vitest";
import { oracleKmsStorage } from "../../src/oracle-kms-storage.ts";
import { startService, type TestService } from "../service.ts";

const program = fileURLToPath(new URL("../programs/official-storage.mjs", import.meta.url));
const values = {
  hostname: "keepersecurity.eu",
  clientId: "c2FtcGxlIGNsaWVudA==",
  privateKey: "c2FtcGxlIGtleQ==",
  appKey: "c2FtcGxlIGFwcA==",
};
const names = Object.keys(values);

let service: TestService;
let folder: string;
let keyId: string;
let path: string;
beforeEach(async () => {
  service = await startService();
  folder = await mkdtemp(join(tmpdir(), "ksmkit-official-oracle-"));
  path = join(folder, "config.bin");
  keyId = (await service.kms.createKey({ algorithm: "AES" })).id;
});
afterEach(async () => {
  await service.kms.close();
  await rm(folder, { recursive: true });
});

async function official(task: { values?: object }): Promise<{ read?: unknown; error?: string }> {
  const { user, fingerprint, tenancy, privateKey } = service.user;
  const [keyFile, ociConfig] = [join(folder, "key.pem"), join(folder, "oci")];
  await writeFile(keyFile, privateKey, { mode: 0o600 });
  const settings = { user, fingerprint, tenancy, region: "us-ashburn-1", key_file: keyFile };
  const lines = Object.entries(settings).map(([name, value]) => `${name}=${value}`);
  await writeFile(ociConfig, `[DEFAULT]\n${lines.join("\n")}\n`, { mode: 0o600 });
  const child = fork(program, { stdio: ["ignore", "ignore", "ignore", "ipc"], execArgv: [] });
  return new Promise((resolve, reject) => {
    child.once("message", (answer) => resolve(answer as { read?: unknown; error?: string }));
    child.once("exit", (code) => reject(new Error(`the vendor's storage ended with ${code} and no answer`)));
    child.send({ keyId, path, ociConfig, endpoint: service.kms.endpoint, names, ...task });
  });
}

it("the vendor's storage opens what ours sealed, once and again, shorter and longer", async () => {
  const storage = oracleKmsStorage({ path, keyId, ...service.connection });
  await storage.save({ ...values, extra: "x".repeat(300) });
  expect(await official({})).toEqual({ read: values });
  // In the place of something longer.
  await storage.save(values);
  expect(await official({})).toEqual({ read: values });
});

it("ours opens what the vendor's storage sealed, and goes on with it", async () => {
  expect(await official({ values })).toEqual({ read: values });
  const storage = oracleKmsStorage({ path, keyId, ...service.connection });
  expect(await storage.load()).toEqual(values);
  await storage.save({ ...values, appKey: "bmV3" });
  expect(await official({})).toEqual({ read: { ...values, appKey: "bmV3" } });
});
