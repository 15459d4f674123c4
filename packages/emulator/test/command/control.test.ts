import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { main } from "../../src/command/main.ts";
import { startVault, type Vault } from "../../src/index.ts";
import { defaultRuntimeFolder, registerVault } from "../../src/command/running-vaults.ts";
import { RawClient } from "../support/raw-client.ts";

let folder = "";
let runtimeFolder = "";
let vault: Vault;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "ksmkit-control-"));
  runtimeFolder = join(folder, "running");
  vault = await startVault({ console: true, tokens: 0 });
  await register(vault);
});
afterEach(async () => {
  await vault.close();
  await rm(folder, { recursive: true });
});

function register(
  { console = "", consoleTokenFile = "" }: Vault,
  pid = process.pid,
): Promise<() => Promise<void>> {
  return registerVault(runtimeFolder, { pid, console, tokenFile: consoleTokenFile });
}

async function run(...argv: string[]): Promise<{ code: number; out: string; err: string }> {
  let out = "";
  let err = "";
  const code = await main({
    argv,
    out: (text) => void (out += text),
    err: (text) => void (err += text),
    stopped: () => new Promise(() => undefined),
    runtimeFolder,
  });
  return { code, out, err };
}

test("token prints one more one-time token, with which a client binds", async () => {
  const { code, out, err } = await run("token", "--name", "laptop", "--minutes", "5");
  expect([code, err]).toEqual([0, ""]);
  expect(out).toMatch(/^[\w-]{43}\n$/);
  expect(vault.owner.clients()).toMatchObject([{ name: "laptop", binding: "new" }]);
  await RawClient.bound(vault, out.trim());
  expect(vault.owner.clients()).toMatchObject([{ name: "laptop", binding: "bound" }]);
});

test("records lists UID, type and title, and never a value", async () => {
  const { code, out } = await run("records");
  expect(code).toBe(0);
  const lines = out.trimEnd().split("\n");
  expect(lines).toHaveLength(vault.owner.recordUids().length);
  expect(lines[0]).toMatch(/^[\w-]{22}\tlogin\tWeb shop$/);
  expect(out).not.toContain("correct horse");
  const json: unknown = JSON.parse((await run("records", "--json")).out);
  expect(json).toContainEqual({ uid: expect.any(String), type: "login", title: "Web shop" });
});

test("records of unusual titles stay on their lines; one that does not open is listed", async () => {
  await vault.owner.addRecord({ type: "login", title: "a\nb\u001B[31m" });
  const [uid = ""] = vault.owner.recordUids();
  await vault.owner.corruptRecord(uid);
  const { out } = await run("records");
  expect(out).not.toContain("\u001B");
  expect(out.trimEnd().split("\n")).toHaveLength(vault.owner.recordUids().length);
  expect(out).toContain(`${uid}\t?\t(does not open)\n`);
});

describe("add", () => {
  const titles = (): unknown[] =>
    vault.owner.recordUids().map((uid) => vault.owner.readRecord(uid).data["title"]);

  test("takes a record from its options", async () => {
    const fields = ["login=anna", "url=https://a.example/?q=1"];
    const { code, out, err } = await run(
      "add",
      "--type",
      "login",
      "--title",
      "New",
      "--folder",
      "Team",
      ...fields,
    );
    expect([code, err]).toEqual([0, ""]);
    expect(vault.owner.readRecord(out.trim())).toMatchObject({
      folders: [{ folderUid: expect.any(String) }],
      data: {
        title: "New",
        fields: [
          { type: "login", value: ["anna"] },
          { type: "url", value: ["https://a.example/?q=1"] },
        ],
      },
    });
  });

  test.each([
    ["one record", "type: login\ntitle: one\n", ["one"]],
    ["a list", "- { type: login, title: one }\n- { type: login, title: two }\n", ["one", "two"]],
    ["a seed", "records: [{ type: login, title: one }]", ["one"]],
  ])("takes %s from a file", async (_what, text, added) => {
    const file = join(folder, "records.yaml");
    await writeFile(file, text);
    const { code, out } = await run("add", file);
    expect([code, out.trimEnd().split("\n").length]).toEqual([0, added.length]);
    expect(titles().slice(-added.length)).toEqual(added);
  });

  test.each([
    ["title: one", /type must be text/],
    ["{ type: login, title: one, folder: Nowhere }", /names no folder/],
    ["[5]", /must be an object/],
    ["", /must be an object/],
  ])("refuses %j", async (text, message) => {
    const file = join(folder, "record.yaml");
    await writeFile(file, text);
    const { code, out, err } = await run("add", file);
    expect([code, out]).toEqual([1, ""]);
    expect(err).toMatch(message);
  });
});

test("env prints export lines with a token of its own", async () => {
  const { code, out } = await run("env");
  expect(code).toBe(0);
  const variables = Object.fromEntries(
    [...out.matchAll(/^export (\w+)='([^']*)'$/gm)].map(([, name, value]) => [name, value]),
  );
  const { hostname, serverPublicKey, serverPublicKeyId, caFile } = vault.ksm;
  expect(variables).toEqual({
    KSM_TOKEN: expect.stringMatching(/^[\w-]{43}$/),
    KSM_CONFIG_FILE: expect.stringMatching(/device-1\.json$/),
    KSM_HOSTNAME: hostname,
    KSM_SERVER_PUBLIC_KEY: serverPublicKey,
    KSM_SERVER_PUBLIC_KEY_ID: serverPublicKeyId,
    KSM_CA_FILE: caFile,
    NODE_EXTRA_CA_CERTS: caFile,
  });
  const again: Record<string, string> = JSON.parse((await run("env", "--json")).out);
  expect(again["KSM_TOKEN"]).not.toBe(variables["KSM_TOKEN"]);
  expect(again["KSM_CONFIG_FILE"]).toMatch(/device-2\.json$/);
});

describe("which vault", () => {
  test("none is running", async () => {
    await vault.close();
    await rm(runtimeFolder, { recursive: true });
    expect(await run("token")).toMatchObject({ code: 1, err: expect.stringContaining("ksm-vault start") });
  });

  test("one that was killed is forgotten", async () => {
    // The highest pid that any system assigns is far below this one.
    await register(vault, 2 ** 30);
    expect(await run("token")).toMatchObject({
      code: 1,
      err: expect.stringContaining("No vault is running"),
    });
    expect(await readdir(runtimeFolder)).toEqual([]);
  });

  test("several need a choice", async () => {
    const other = await startVault({ console: true, tokens: 0 });
    try {
      await register(other);
      const { code, err } = await run("token");
      expect(code).toBe(1);
      expect(err).toContain(`--console`);
      expect(err).toContain(other.console);
      expect((await run("token", "--console", other.console ?? "")).code).toBe(0);
      expect(other.owner.clients()).toHaveLength(1);
      expect(vault.owner.clients()).toHaveLength(0);
      const elsewhere = await run("token", "--console", "http://127.0.0.1:1/");
      expect(elsewhere).toMatchObject({
        code: 1,
        err: expect.stringContaining("No running vault has that console"),
      });
    } finally {
      await other.close();
    }
  });

  test("one that is gone without a trace does not respond", async () => {
    const { console = "", consoleTokenFile = "" } = vault;
    await vault.close();
    await mkdir(join(consoleTokenFile, ".."), { recursive: true });
    await writeFile(consoleTokenFile, "token");
    const { code, err } = await run("token");
    await rm(join(consoleTokenFile, ".."), { recursive: true });
    expect([code, err]).toEqual([1, `ksm-vault: The vault with the console ${console} does not respond\n`]);
  });

  test("a file that sends the token elsewhere is ignored", async () => {
    await rm(runtimeFolder, { recursive: true });
    await mkdir(runtimeFolder, { mode: 0o700 });
    const planted = {
      pid: process.pid,
      console: "http://attacker.example/",
      tokenFile: vault.consoleTokenFile,
    };
    await writeFile(join(runtimeFolder, "80.json"), JSON.stringify(planted));
    expect(await run("token")).toMatchObject({
      code: 1,
      err: expect.stringContaining("No vault is running"),
    });
  });
});

describe("the runtime folder", () => {
  test("is private, and so are its files", async () => {
    expect((await stat(runtimeFolder)).mode & 0o777).toBe(0o700);
    const [name = ""] = await readdir(runtimeFolder);
    expect((await stat(join(runtimeFolder, name))).mode & 0o777).toBe(0o600);
    expect(await readFile(join(runtimeFolder, name), "utf8")).not.toContain(
      await readFile(vault.consoleTokenFile ?? "", "utf8"),
    );
  });

  test.each(["writable by others", "a link"])("is refused when it is %s", async (what) => {
    const real = join(folder, "elsewhere");
    await mkdir(real, { mode: 0o700 });
    await rm(runtimeFolder, { recursive: true });
    if (what === "a link") await symlink(real, runtimeFolder);
    else {
      await mkdir(runtimeFolder);
      await chmod(runtimeFolder, 0o777);
    }
    expect(await run("token")).toMatchObject({
      code: 1,
      err: expect.stringContaining("no folder of this user alone"),
    });
    await expect(register(vault)).rejects.toMatchObject({ code: "ERR_VAULT_RUNTIME_FOLDER" });
  });

  test("is named after the user, in XDG_RUNTIME_DIR or the temporary folder", () => {
    expect(defaultRuntimeFolder({ XDG_RUNTIME_DIR: "/run/user/1" })).toMatch(
      /^\/run\/user\/1\/ksm-vault-\w+$/,
    );
    expect(defaultRuntimeFolder({})).toContain(tmpdir());
  });
});
