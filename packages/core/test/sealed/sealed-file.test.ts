import { execFileSync } from "node:child_process";
import type * as FileSystem from "node:fs/promises";
import {
  chmod,
  lstat,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rm,
  stat,
  symlink,
  utimes,
  writeFile,
} from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { utf8Text } from "@ksmkit/common";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { sealedFile } from "../../src/node/sealed-file.ts";
import { sealedFileStorage, type SealedFileStorageOptions } from "../../src/node/sealed-file-storage.ts";
import { inspectBlob, type SealedStorage, type SealedWarning } from "../../src/sealed/index.ts";
import { finished, startProgram, type ProgramOptions } from "../node/run-program.ts";
import { symmetricKey } from "./keys.ts";

/** Fails these calls as a mount point or a file system without links does. */
let failures: { rename?: string; link?: string } = {};
vi.mock("node:fs/promises", async (importOriginal) => {
  const original = await importOriginal<typeof FileSystem>();
  const failing =
    (name: "rename" | "link") =>
    async (from: string, to: string): Promise<void> => {
      // The generation kept is moved into place by a rename of its own, which no mount point is in the way of.
      if (failures[name] !== undefined && !to.endsWith(".bak"))
        throw Object.assign(new Error("refused"), { code: failures[name] });
      await original[name](from, to);
    };
  return { ...original, rename: failing("rename"), link: failing("link") };
});

const values = { hostname: "h.example", clientId: "c" };
const next = { ...values, appKey: "secret-app-key" };

let directory: string;
let path: string;
let warnings: SealedWarning[];
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "ksmkit-sealed-file-"));
  path = join(directory, "client-config.bin");
  warnings = [];
  failures = {};
});
afterEach(async () => {
  await chmod(directory, 0o700);
  await rm(directory, { recursive: true });
});

function open(options: Partial<SealedFileStorageOptions> = {}): SealedStorage {
  return sealedFileStorage({
    path,
    wrapper: symmetricKey(),
    sleep: async () => {},
    onWarning: (warning) => warnings.push(warning),
    ...options,
  });
}

const modeOf = async (file: string): Promise<number> => (await stat(file)).mode & 0o777;
const kinds = (): string[] => warnings.map(({ kind }) => kind);
const opened = async (file: string): Promise<object> => open({ path: file }).load();

describe("a missing file", () => {
  it("is an empty configuration, and nothing is written or asked", async () => {
    const wrapper = symmetricKey();
    expect(await open({ wrapper }).load()).toEqual({});
    expect([await readdir(directory), wrapper.calls]).toEqual([[], []]);
  });

  it("is made by the first save with its directories, for this user only, whatever the umask is", async () => {
    path = join(directory, "a", "b", "config.bin");
    const before = process.umask(0o277);
    try {
      await open().save(values);
    } finally {
      process.umask(before);
    }
    expect([await modeOf(path), await readdir(join(directory, "a", "b"))]).toEqual([0o600, ["config.bin"]]);
    expect(await opened(path)).toEqual(values);
  });

  it("leaves nothing behind when the key service denies", async () => {
    const wrapper = { ...symmetricKey(), wrap: async () => Promise.reject(new Error("denied")) };
    await expect(open({ wrapper }).save(values)).rejects.toMatchObject({ code: "ERR_KSM_KMS_REFUSED" });
    expect(await readdir(directory)).toEqual([]);
  });

  it("in a place that cannot be made is an error", async () => {
    await writeFile(join(directory, "file"), "");
    const storage = open({ path: join(directory, "file", "config.bin") });
    await expect(storage.save(values)).rejects.toMatchObject({ name: "StorageError" });
  });

  it("takes its name from the environment when no path is given", () => {
    const named = (options: Partial<SealedFileStorageOptions>): string => open(options).description;
    expect(named({ path: "", env: { KSM_CONFIG_FILE: "/from/variable" } })).toBe("file /from/variable");
    expect(named({ path: "", env: {} })).toBe(`file ${join(process.cwd(), "client-config.json")}`);
    expect(() => sealedFile({ path: "a\0b" })).toThrow(/path/);
  });
});

describe("a file without content", () => {
  it("is read again, since an official client may be writing it", async () => {
    await open().save(values);
    const content = await readFile(path);
    await writeFile(path, "");
    let pauses = 0;
    const sleep = async (): Promise<void> => {
      if (++pauses === 2) await writeFile(path, content);
    };
    expect(await open({ sleep }).load()).toEqual(values);
  });

  it("is an empty configuration with a warning, and stays", async () => {
    await writeFile(path, "", { mode: 0o600 });
    const storage = open();
    expect([await storage.load(), await storage.load(), kinds()]).toEqual([{}, {}, ["empty"]]);
    expect((await stat(path)).size).toBe(0);
    await storage.save(values);
    expect(await opened(path)).toEqual(values);
  });

  it("is an error while the generation before is there", async () => {
    await open().save(values);
    await open().save(next);
    await writeFile(path, "");
    const lost = { code: "ERR_KSM_SEALED_TRUNCATED", message: expect.stringContaining(`${path}.bak`) };
    await expect(open().load()).rejects.toMatchObject(lost);
    await expect(open().save(next)).rejects.toMatchObject(lost);
    expect((await stat(path)).size).toBe(0);
  });
});

describe("a file that does not open", () => {
  const damage: [string, (bytes: Buffer) => Buffer, string][] = [
    ["truncated", (bytes) => bytes.subarray(0, 100), "ERR_KSM_SEALED_TRUNCATED"],
    ["foreign", () => Buffer.from("PK\u0003\u0004 and more"), "ERR_KSM_SEALED_NOT_A_CONFIG"],
    ["tampered with", (bytes) => bytes.fill(0, bytes.length - 4), "ERR_KSM_SEALED_AUTH_FAILED"],
    ["an array", () => Buffer.from("[1]"), "ERR_KSM_SEALED_NOT_JSON_OBJECT"],
    ["too large", () => Buffer.alloc(1_048_577, 0xff), "ERR_KSM_STORAGE_UNREADABLE"],
  ];

  it.each(damage)(
    "for being %s is left as it is and tells of the generation before",
    async (_, harm, code) => {
      await open().save(values);
      await open().save(next);
      const harmed = harm(await readFile(path));
      await writeFile(path, harmed);
      const storage = open();
      for (const work of [storage.load(), storage.save(values), storage.checkWritable(), storage.rotate()])
        await expect(work).rejects.toMatchObject({ code, message: expect.stringContaining(path) });
      await expect(storage.changeKey(symmetricKey("two"))).rejects.toMatchObject({ code });
      expect(await readFile(path)).toEqual(harmed);
      if (code.startsWith("ERR_KSM_SEALED")) await expect(storage.load()).rejects.toThrow(`${path}.bak`);
      expect(await opened(`${path}.bak`)).toEqual(values);
    },
  );

  it("because it is a directory or a pipe is an error at once", async () => {
    await mkdir(path);
    await expect(open().load()).rejects.toMatchObject({ code: "ERR_KSM_STORAGE_UNREADABLE" });
    await rm(path, { recursive: true });
    execFileSync("mkfifo", [path]);
    await expect(open().load()).rejects.toMatchObject({ code: "ERR_KSM_STORAGE_UNREADABLE" });
  });
});

describe("permissions", () => {
  it.each([0o600, 0o640, 0o660])("0%o stay as they are", async (mode) => {
    await open().save(values);
    await chmod(path, mode);
    await open().save(next);
    expect(await modeOf(path)).toBe(mode);
    expect(kinds()).toEqual(mode === 0o600 ? [] : ["permissions"]);
  });

  it("without any right to write are minded, though the file could be replaced", async () => {
    await open().save(values);
    await chmod(path, 0o400);
    const storage = open();
    const before = await readFile(path);
    for (const work of [storage.save(next), storage.checkWritable(), storage.deleteAll(), storage.rotate()])
      await expect(work).rejects.toMatchObject({
        code: "ERR_KSM_STORAGE_UNWRITABLE",
        message: expect.stringContaining("chmod u+w"),
      });
    expect([await readFile(path), await storage.load()]).toEqual([before, values]);
  });

  it("of a configuration in the clear are the owner's only", async () => {
    await open().save(values);
    await chmod(path, 0o644);
    const text = await open().decryptConfig({ save: true });
    expect([await readFile(path, "utf8"), await modeOf(path)]).toEqual([text, 0o600]);
  });
});

describe("a symbolic link", () => {
  it("stays, and what it leads to is replaced", async () => {
    const target = join(directory, "target.json");
    await writeFile(target, JSON.stringify(values), { mode: 0o600 });
    await symlink("target.json", path);
    expect(await open().load()).toEqual(values);
    expect((await lstat(path)).isSymbolicLink()).toBe(true);
    expect(inspectBlob(await readFile(target)).layout).toBe("standard");
    expect((await readdir(directory)).toSorted()).toEqual(["client-config.bin", "target.json"]);
  });
});

describe("the generation before", () => {
  it("is kept by a save, and by none that changes nothing", async () => {
    const storage = open();
    await storage.save(values);
    expect(await readdir(directory)).toEqual(["client-config.bin"]);
    await storage.save(next);
    await storage.save(next);
    expect([await opened(`${path}.bak`), await modeOf(`${path}.bak`)]).toEqual([values, 0o600]);
    expect(await opened(path)).toEqual(next);
  });

  it("lies where it was asked for, or nowhere", async () => {
    const backup = join(directory, "elsewhere");
    await open({ backup }).save(values);
    await open({ backup }).save(next);
    expect(await opened(backup)).toEqual(values);
    await rm(backup);
    await open({ backup: false }).save(values);
    expect(await readdir(directory)).toEqual(["client-config.bin"]);
  });

  it.each(["changeKey", "rotate", "decryptConfig", "deleteAll"] as const)(
    "is gone after %s",
    async (method) => {
      const storage = open();
      await storage.save(values);
      await storage.save(next);
      if (method === "changeKey") await storage.changeKey(symmetricKey("two"));
      else if (method === "decryptConfig") await storage.decryptConfig({ save: true });
      else await storage[method]();
      expect(await readdir(directory)).toEqual(method === "deleteAll" ? [] : ["client-config.bin"]);
    },
  );

  it("is never one in the clear", async () => {
    await writeFile(path, JSON.stringify(values), { mode: 0o600 });
    await open().load();
    expect(await readdir(directory)).toEqual(["client-config.bin"]);
    await open().save(next);
    expect(inspectBlob(await readFile(`${path}.bak`)).isProtected).toBe(true);
  });

  it.each(["EXDEV", "EPERM"])("is copied where linking fails with %s", async (code) => {
    await open().save(values);
    failures.link = code;
    await open().save(next);
    expect([await opened(`${path}.bak`), kinds()]).toEqual([values, []]);
  });

  it("that cannot be kept is warned of, and the save goes on", async () => {
    const backup = join(directory, "none", "config.bak");
    await open({ backup }).save(values);
    await open({ backup }).save(next);
    expect([await opened(path), kinds()]).toEqual([next, ["backup"]]);
  });
});

describe("a file that is a mount point", () => {
  it("is overwritten in place with a warning, after its content was kept", async () => {
    await open().save(next);
    const { ino } = await stat(path);
    failures.rename = "EBUSY";
    await open().save(values);
    expect([await opened(path), await opened(`${path}.bak`)]).toEqual([values, next]);
    expect([(await stat(path)).ino, kinds()]).toEqual([ino, ["in-place"]]);
    expect(await modeOf(`${path}.bak`)).toBe(0o600);
  });

  it("is not when told so", async () => {
    await open().save(next);
    failures.rename = "EBUSY";
    await expect(open({ inPlace: "nowhere" }).save(values)).rejects.toMatchObject({
      code: "ERR_KSM_STORAGE_UNWRITABLE",
    });
    expect(await opened(path)).toEqual(next);
  });

  it("is one by its failure, not by any other, unless told so", async () => {
    await open().save(next);
    failures.rename = "EACCES";
    await expect(open().save(values)).rejects.toMatchObject({ code: "ERR_KSM_STORAGE_UNWRITABLE" });
    expect(await opened(path)).toEqual(next);
    await open({ inPlace: "anywhere" }).save(values);
    expect(await opened(path)).toEqual(values);
  });
});

describe("what the system refuses", () => {
  // Root may do everything: there, the program runs as nobody.
  const uid = process.getuid?.() === 0 ? 65_534 : undefined;

  async function run(method: string, options: ProgramOptions & { storage?: object } = {}): Promise<unknown> {
    const { storage = {}, ...program } = options;
    if (program.uid !== undefined) execFileSync("chown", ["-R", String(program.uid), directory]);
    const child = startProgram("try-sealed", [path, method, JSON.stringify(storage)], program);
    const { code, warnings: told } = JSON.parse(await finished(child)) as {
      code: string;
      warnings: string[];
    };
    return [code, ...told];
  }

  it("a directory that takes no new file: reading works, saving does not, in place only when told", async () => {
    await open().save(values);
    const before = await readFile(path);
    await chmod(directory, 0o555);
    expect(await run("load", { uid })).toEqual(["none"]);
    for (const method of ["save", "checkWritable", "changeKey", "deleteAll"])
      expect(await run(method, { uid })).toEqual(["ERR_KSM_STORAGE_UNWRITABLE"]);
    expect(await readFile(path)).toEqual(before);
    expect(await run("save", { uid, storage: { inPlace: "anywhere" } })).toEqual([
      "none",
      "backup",
      "in-place",
    ]);
    expect(await opened(path)).toMatchObject({ hostname: "new.example" });
  });

  it("a configuration in the clear that cannot be replaced is used with a warning", async () => {
    await writeFile(path, JSON.stringify(values), { mode: 0o600 });
    await chmod(directory, 0o555);
    expect(await run("load", { uid })).toEqual(["none", "plaintext"]);
    expect(await readFile(path, "utf8")).toBe(JSON.stringify(values));
  });

  it("a file that may not be read is an error, and kept", async () => {
    await open().save(values);
    const before = await readFile(path);
    await chmod(path, 0o000);
    for (const method of ["load", "save"])
      expect(await run(method, { uid })).toEqual(["ERR_KSM_STORAGE_UNREADABLE"]);
    await chmod(path, 0o600);
    expect(await readFile(path)).toEqual(before);
  });

  it("a full disk: the old content and nothing else stays", async () => {
    await open().save(values);
    const before = await readFile(path);
    expect(await run("save", { fileLimit: 4 })).toEqual(["ERR_KSM_STORAGE_UNWRITABLE"]);
    expect([await readFile(path), await readdir(directory)]).toEqual([before, ["client-config.bin"]]);
  });
});

describe("leftovers", () => {
  it("of killed processes are removed by the next", async () => {
    await open().save(values);
    const abandoned = join(directory, `.client-config.bin.00000000-1-${"0".repeat(16)}.tmp`);
    await writeFile(abandoned, "half");
    await writeFile(`${path}.bak.tmp`, "half");
    await utimes(abandoned, 1, 1);
    await open().save(next);
    expect((await readdir(directory)).toSorted()).toEqual(["client-config.bin", "client-config.bin.bak"]);
    expect(utf8Text(await readFile(`${path}.bak`))).not.toBe("half");
  });
});
