/** Access lists of configuration files: repaired or refused, and a failure is an error (no Windows needed). */
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { utf8Bytes } from "@ksmkit/common";
import { WindowsAccess } from "@ksmkit/common/files";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { fileStorage, type FileStorageOptions } from "../../src/node/file-storage.ts";
import { sealedFile } from "../../src/node/sealed-file.ts";

const closed = "D:PAI(A;;FA;;;BA)(A;;FA;;;S-1-5-21-1-2-3-1001)";
const open = `${closed}(A;;FR;;;WD)`;
const values = { hostname: "h.example", clientId: "the-client-id" };

/** What `icacls` was asked to do. */
let actions: string[];
/** The access list of every file. */
let list: string;
let repairs: boolean;
let fails: boolean;
const access = new WindowsAccess(async (file, args) => {
  if (fails) throw new Error("icacls failed");
  if (file.endsWith("whoami.exe")) return '"host\\user","S-1-5-21-1-2-3-1001"\r\n';
  const [, action = "", saved = ""] = args;
  actions.push(action);
  if (action === "/save") await writeFile(saved, `file\r\n${list}\r\n`, "utf16le");
  else if (repairs) list = closed;
  return "";
});

let directory: string;
let path: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "ksmkit-windows-"));
  path = join(directory, "ksm.json");
  actions = [];
  list = closed;
  repairs = true;
  fails = false;
});
afterEach(() => rm(directory, { recursive: true }));

const permissions = { code: "ERR_KSM_STORAGE_PERMISSIONS" };

describe("fileStorage on Windows", () => {
  const warnings: unknown[] = [];
  const storage = (options: Partial<FileStorageOptions> = {}): ReturnType<typeof fileStorage> =>
    fileStorage({ path, access, onWarning: (warning) => warnings.push(warning), ...options });
  const put = (): Promise<void> => writeFile(path, JSON.stringify(values), { mode: 0o600 });

  it("repairs a file that Everyone may read when it is first loaded", async () => {
    await put();
    list = open;
    const loaded = storage();
    expect([await loaded.load(), list]).toEqual([values, closed]);
    await loaded.load();
    expect(actions).toEqual(["/save", "/inheritance:r", "/save"]);
  });

  it("leaves an access list alone that admits no such group", async () => {
    await put();
    await storage().load();
    expect(actions).toEqual(["/save"]);
  });

  it.each(["repair", "icacls"])("refuses to load a file when %s fails, again and again", async (what) => {
    await put();
    list = open;
    repairs = false;
    fails = what === "icacls";
    const refusing = storage();
    await expect(refusing.load()).rejects.toMatchObject(permissions);
    await expect(refusing.load()).rejects.toMatchObject(permissions);
  });

  it("saves nothing when access to the new file cannot be restricted", async () => {
    await put();
    fails = true;
    await expect(storage().save({ ...values, appKey: "x" })).rejects.toMatchObject(permissions);
    expect([JSON.parse(await readFile(path, "utf8")), await readdir(directory)]).toEqual([
      values,
      ["ksm.json"],
    ]);
    expect(warnings).toEqual([]);
  });

  it("restricts what it saves", async () => {
    await storage().save(values);
    expect(actions).toEqual(["/inheritance:r"]);
  });

  it("leaves access lists alone when told to", async () => {
    await put();
    list = open;
    const lenient = storage({ skipMode: true });
    await lenient.load();
    await lenient.save(values);
    expect(actions).toEqual([]);
  });
});

describe("sealedFile on Windows", () => {
  const write = { seen: null, plaintext: false, keepSeen: false };

  it("repairs a file that Everyone may read when it is first read", async () => {
    await writeFile(path, "sealed", { mode: 0o600 });
    list = open;
    const store = sealedFile({ path, access });
    await store.read();
    await store.read();
    expect([actions, list]).toEqual([["/save", "/inheritance:r", "/save"], closed]);
  });

  it("is an error when access cannot be restricted", async () => {
    fails = true;
    const store = sealedFile({ path, access });
    await expect(store.write?.(utf8Bytes("sealed"), write)).rejects.toMatchObject(permissions);
    expect(await readdir(directory)).toEqual([]);
    await writeFile(path, "sealed", { mode: 0o600 });
    await expect(store.read()).rejects.toMatchObject(permissions);
  });
});
