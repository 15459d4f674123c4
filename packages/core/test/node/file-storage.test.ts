import {
  chmod,
  lstat,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  readlink,
  rm,
  stat,
  symlink,
  utimes,
  writeFile,
} from "node:fs/promises";
import { execFileSync } from "node:child_process";
import { tmpdir } from "node:os";
import { join, relative, resolve } from "node:path";
import { inspect } from "node:util";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { formatConfigBase64 } from "../../src/config/config-text.ts";
import { fileStorage, type StorageWarning } from "../../src/node/file-storage.ts";
import { finished, startProgram, type ProgramOptions } from "./run-program.ts";

const values = { hostname: "h.example", clientId: "the-client-id" };
const next = { ...values, appKey: "the-app-key" };

let directory: string;
let path: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "ksmkit-file-"));
  path = join(directory, "ksm.json");
});
afterEach(async () => {
  await chmod(directory, 0o700);
  await rm(directory, { recursive: true });
});

const modeOf = async (file: string): Promise<number> => (await stat(file)).mode & 0o777;

async function write(content: string | Uint8Array, mode = 0o600): Promise<void> {
  await writeFile(path, content, { mode });
  await chmod(path, mode);
}

describe("fileStorage", () => {
  it("touches nothing before its first use, and reading creates nothing", async () => {
    const storage = fileStorage({ path: join(directory, "missing", "ksm.json") });
    expect(storage.description).toBe(`file ${join(directory, "missing", "ksm.json")}`);
    expect(await storage.load()).toEqual({});
    expect(await readdir(directory)).toEqual([]);
  });

  it("writes indented JSON for this user only, whatever the umask is", async () => {
    const before = process.umask(0o377);
    try {
      await fileStorage({ path }).save(values);
    } finally {
      process.umask(before);
    }
    expect(await readFile(path, "utf8")).toBe(`${JSON.stringify(values, null, 2)}\n`);
    expect(await modeOf(path)).toBe(0o600);
    expect(await readdir(directory)).toEqual(["ksm.json"]);
  });

  it("reads base64 and writes JSON", async () => {
    await write(formatConfigBase64(values));
    const storage = fileStorage({ path });
    expect(await storage.load()).toEqual(values);
    await storage.save(next, { expected: values });
    expect(JSON.parse(await readFile(path, "utf8"))).toEqual(next);
  });

  it("resolves a relative path at once", () => {
    const storage = fileStorage({ path: relative(process.cwd(), path) });
    expect(storage.description).toBe(`file ${path}`);
  });

  it.each([null, "", "a\0b", 5])("refuses the path %j", (bad: unknown) => {
    expect(() => fileStorage({ path: bad as string })).toThrow(
      expect.objectContaining({ code: "ERR_KSM_ARGUMENT_INVALID" }),
    );
  });

  it("is client-config.json in the working directory where no path is named", () => {
    const description = `file ${resolve("client-config.json")}`;
    expect([fileStorage().description, fileStorage({}).description]).toEqual([description, description]);
  });

  it("shows no value to an inspector", async () => {
    const storage = fileStorage({ path });
    await storage.save(next);
    expect(inspect(storage, { depth: 9, showHidden: true })).not.toContain("the-app-key");
  });
});

describe("fileStorage over a file that is no configuration", () => {
  const contents: [string, string | Uint8Array, string][] = [
    ["empty", "", "is empty"],
    ["blank", " \n", "is empty"],
    ["cut short", '{"appKey":"the-app-key', "is not valid JSON"],
    ["another format", "appKey: the-app-key\n", "neither a JSON object nor base64"],
    ["a list", '["the-app-key"]', "neither a JSON object nor base64"],
    ["binary", Uint8Array.of(0xff, 0xfe, 0x7b, 0x00), "is not UTF-8 text"],
    ["too large", `{"appKey":"${"x".repeat(1_048_576)}"}`, "is larger than 1048576 bytes"],
  ];
  it.each(contents)("(%s) fails for every use and leaves it alone", async (_what, content, reason) => {
    await write(content);
    const storage = fileStorage({ path });
    const error = { name: "StorageError", code: "ERR_KSM_STORAGE_UNREADABLE" };
    const message: unknown = expect.stringMatching(new RegExp(`${reason}.*`));
    await expect(storage.load()).rejects.toMatchObject({ ...error, message });
    await expect(storage.save(next)).rejects.toMatchObject({ ...error, message });
    await expect(storage.save(next, { expected: {} })).rejects.toMatchObject(error);
    await expect(storage.load()).rejects.not.toThrow("the-app-key");
    expect(Buffer.compare(await readFile(path), Buffer.from(content))).toBe(0);
    expect(await readdir(directory)).toEqual(["ksm.json"]);
  });

  it.each(["load", "save", "checkWritable"] as const)("refuses a directory (%s)", async (method) => {
    await mkdir(path);
    const storage = fileStorage({ path });
    await expect(storage[method](next)).rejects.toMatchObject({
      code: "ERR_KSM_STORAGE_UNREADABLE",
      message: expect.stringContaining("not a regular file"),
    });
  });

  it.each(["load", "save"] as const)("refuses a pipe without waiting for a writer (%s)", async (method) => {
    execFileSync("mkfifo", [path]);
    await expect(fileStorage({ path })[method](next)).rejects.toMatchObject({
      code: "ERR_KSM_STORAGE_UNREADABLE",
    });
  });

  it("refuses a device without reading on for ever", async () => {
    await expect(fileStorage({ path: "/dev/zero" }).load()).rejects.toMatchObject({
      code: "ERR_KSM_STORAGE_UNREADABLE",
    });
  });

  it("says so when the directory does not exist", async () => {
    const storage = fileStorage({ path: join(directory, "missing", "ksm.json") });
    const error = { code: "ERR_KSM_STORAGE_UNWRITABLE", message: expect.stringContaining("directory") };
    await expect(storage.save(next)).rejects.toMatchObject(error);
    await expect(storage.checkWritable()).rejects.toMatchObject(error);
  });

  it("says so when a part of the path is a file", async () => {
    await write("{}");
    const storage = fileStorage({ path: join(path, "ksm.json") });
    await expect(storage.load()).rejects.toMatchObject({ code: "ERR_KSM_STORAGE_UNREADABLE" });
    await expect(storage.save(next)).rejects.toMatchObject({ code: "ERR_KSM_STORAGE_UNWRITABLE" });
  });
});

describe("fileStorage and permissions", () => {
  const loose = [0o644, 0o640, 0o604, 0o660, 0o602, 0o601];
  const tight = [0o600, 0o400, 0o700];

  it.each(loose)("warns once about mode %o and makes the file private when saving", async (mode) => {
    await write(JSON.stringify(values), mode);
    const warnings: StorageWarning[] = [];
    const storage = fileStorage({ path, onWarning: (warning) => warnings.push(warning) });
    await storage.load();
    await storage.load();
    expect(warnings).toEqual([
      { kind: "permissions", path, message: expect.stringContaining(`chmod 600 ${path}`) },
    ]);
    await storage.save(next);
    expect(await modeOf(path)).toBe(0o600);
  });

  it.each(loose)("refuses mode %o when permissions are strict", async (mode) => {
    await write(JSON.stringify(values), mode);
    await expect(fileStorage({ path, strictPermissions: true }).load()).rejects.toMatchObject({
      code: "ERR_KSM_STORAGE_PERMISSIONS",
    });
    expect(await modeOf(path)).toBe(mode);
  });

  it.each(tight)("accepts mode %o in silence", async (mode) => {
    await write(JSON.stringify(values), mode);
    const warnings: StorageWarning[] = [];
    const storage = fileStorage({ path, strictPermissions: true, onWarning: (w) => warnings.push(w) });
    expect([await storage.load(), warnings]).toEqual([values, []]);
  });

  it("leaves permissions alone when told to", async () => {
    await write(JSON.stringify(values), 0o640);
    const warnings: StorageWarning[] = [];
    const storage = fileStorage({
      path,
      skipMode: true,
      strictPermissions: true,
      onWarning: (w) => warnings.push(w),
    });
    expect(await storage.load()).toEqual(values);
    await storage.save(next);
    expect([await modeOf(path), warnings]).toEqual([0o640, []]);
  });

  it("creates a private file even when permissions are left alone", async () => {
    await fileStorage({ path, skipMode: true }).save(values);
    expect(await modeOf(path)).toBe(0o600);
  });
});

describe("fileStorage and symbolic links", () => {
  it("writes through a chain of links and keeps them", async () => {
    await mkdir(join(directory, "real"));
    const target = join(directory, "real", "config.json");
    await writeFile(target, JSON.stringify(values));
    await symlink("real/config.json", join(directory, "link"));
    await symlink(join(directory, "link"), path);
    const storage = fileStorage({ path, onWarning: () => {} });
    await storage.save(next, { expected: values });
    expect([await readlink(path), await readlink(join(directory, "link"))]).toEqual([
      join(directory, "link"),
      "real/config.json",
    ]);
    expect(JSON.parse(await readFile(target, "utf8"))).toEqual(next);
    expect([await modeOf(target), await readdir(join(directory, "real"))]).toEqual([0o600, ["config.json"]]);
  });

  it("creates the target of a dangling link, and discards the target only", async () => {
    await symlink("later.json", path);
    const storage = fileStorage({ path });
    expect(await storage.load()).toEqual({});
    await storage.save(values);
    expect((await lstat(path)).isSymbolicLink()).toBe(true);
    expect(JSON.parse(await readFile(join(directory, "later.json"), "utf8"))).toEqual(values);
    await storage.discard();
    expect(await readdir(directory)).toEqual(["ksm.json"]);
  });

  it("refuses a loop of links", async () => {
    await symlink("ksm.json", path);
    const storage = fileStorage({ path });
    await expect(storage.load()).rejects.toMatchObject({ code: "ERR_KSM_STORAGE_UNREADABLE" });
    await expect(storage.save(next)).rejects.toMatchObject({ code: "ERR_KSM_STORAGE_UNREADABLE" });
  });
});

describe("fileStorage.discard", () => {
  it("leaves a file that was there before", async () => {
    await write("{}");
    const storage = fileStorage({ path });
    await storage.save(values);
    await storage.discard();
    expect(await fileStorage({ path }).load()).toEqual(values);
  });

  it("leaves what someone else wrote since", async () => {
    const storage = fileStorage({ path });
    await storage.save(values);
    await fileStorage({ path }).save(next);
    await storage.discard();
    expect(await fileStorage({ path }).load()).toEqual(next);
  });

  it("is content when the file is gone already", async () => {
    const storage = fileStorage({ path });
    await storage.save(values);
    await rm(path);
    await expect(storage.discard()).resolves.toBeUndefined();
  });
});

describe("fileStorage and what killed writers left", () => {
  const leftover = (name: string): string => join(directory, `.ksm.json.00000000-1-0123456789abcdef.${name}`);

  it("removes it on the first use once it is old, and nothing else", async () => {
    const old = new Date(Date.now() - 60_000);
    const others = [
      ".ksm.json.tmp",
      ".ksm.json.notes-1-0123456789abcdef.tmp",
      ".other.json.00000000-1-0123456789abcdef.tmp",
    ];
    for (const file of [leftover("tmp"), leftover("txt"), ...others.map((name) => join(directory, name))]) {
      await writeFile(file, "x");
      await utimes(file, old, old);
    }
    await write("{}");
    expect(await fileStorage({ path }).load()).toEqual({});
    const left = await readdir(directory);
    expect(left.toSorted()).toEqual(
      [...others, "ksm.json", leftover("txt").slice(directory.length + 1)].toSorted(),
    );
  });

  it.each([60_000, 3_600_000, 86_400_000 * 365])(
    "does not wait for one that is stamped %i ms in the future",
    async (aheadMs) => {
      await write("{}");
      const future = new Date(Date.now() + aheadMs);
      await writeFile(leftover("tmp"), "x");
      await utimes(leftover("tmp"), future, future);
      const sleep = (): Promise<never> => Promise.reject(new Error("waited"));
      await fileStorage({ path, sleep }).save(next);
      expect(await readdir(directory)).toEqual(["ksm.json"]);
    },
  );

  it("keeps the temp file of a writer on another host while it is young", async () => {
    await writeFile(leftover("tmp"), "x");
    await fileStorage({ path }).load();
    expect(await readdir(directory)).toHaveLength(1);
  });
});

/** File permissions do not bind root: as root, the program runs as another user that owns the files. */
describe("fileStorage where the system refuses", () => {
  const uid = process.getuid?.() === 0 ? 65_534 : undefined;
  const run = async (method: string, options: ProgramOptions = {}, storage = {}): Promise<unknown> =>
    JSON.parse(await finished(startProgram("try-storage", [path, method, JSON.stringify(storage)], options)));
  const none = { code: "none", warnings: [] };
  const unwritable = { code: "ERR_KSM_STORAGE_UNWRITABLE", warnings: [] };

  async function writeAs(content: string, fileMode: number, directoryMode: number): Promise<void> {
    await write(content, fileMode);
    if (uid !== undefined) {
      execFileSync("chown", ["-R", String(uid), directory]);
    }
    await chmod(directory, directoryMode);
  }

  it("reports a file that it may not read", async () => {
    await writeAs(JSON.stringify(values), 0o000, 0o700);
    expect(await run("load", { uid })).toEqual({ code: "ERR_KSM_STORAGE_UNREADABLE", warnings: [] });
    expect(await run("save", { uid })).toEqual({ code: "ERR_KSM_STORAGE_UNREADABLE", warnings: [] });
  });

  it("reports a directory that takes no new file when the file is read-only too", async () => {
    await writeAs(JSON.stringify(values), 0o400, 0o500);
    expect(await run("load", { uid })).toEqual(none);
    expect(await run("save", { uid })).toEqual(unwritable);
    expect(await run("checkWritable", { uid })).toEqual(unwritable);
    expect(JSON.parse(await readFile(path, "utf8"))).toEqual(values);
  });

  it("reports a directory that takes no new file when there is no file yet", async () => {
    await writeAs("{}", 0o600, 0o700);
    await rm(path);
    await chmod(directory, 0o500);
    expect(await run("save", { uid })).toEqual(unwritable);
    expect(await run("checkWritable", { uid })).toEqual(unwritable);
  });

  it("overwrites a writable file in place where the directory takes no new file", async () => {
    await writeAs(JSON.stringify({ ...values, padding: "y".repeat(20_000) }), 0o600, 0o500);
    const before = await stat(path);
    expect(await run("checkWritable", { uid })).toEqual(none);
    expect(await run("save", { uid })).toEqual(none);
    expect((await stat(path)).ino).toBe(before.ino);
    expect(JSON.parse(await readFile(path, "utf8"))).toMatchObject({ hostname: "new.example" });
    expect(await readFile(path, "utf8")).toMatch(/\}\n+$/);
  });

  it("keeps the old file when the new one does not fit", async () => {
    await write(JSON.stringify(values));
    expect(await run("save", { fileLimit: 4 })).toEqual(unwritable);
    expect(await run("checkWritable", { fileLimit: 4 })).toEqual(unwritable);
    expect(await fileStorage({ path }).load()).toEqual(values);
    expect(await readdir(directory)).toEqual(["ksm.json"]);
  });

  it("puts the old content back when it does not fit in place", async () => {
    await writeAs(JSON.stringify(values), 0o600, 0o500);
    expect(await run("save", { uid, fileLimit: 4 })).toEqual(unwritable);
    expect(await readFile(path, "utf8")).toBe(JSON.stringify(values));
  });
});
