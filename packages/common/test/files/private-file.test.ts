/** Private files where other users plant links, files and temp files, or own the directory. */
import {
  chmod,
  chown,
  lchown,
  link,
  lstat,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rm,
  stat,
  symlink,
  unlink,
  writeFile,
} from "node:fs/promises";
import type * as FileSystem from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import {
  readPrivateFile,
  removePrivateFile,
  writePrivateFile,
  type PrivateFileOptions,
} from "../../src/files/private-file.ts";
import { WindowsAccess } from "../../src/files/windows-access.ts";
import { utf8Bytes, utf8Text } from "../../src/index.ts";
import { FakeWindows } from "./fake-windows.ts";

/** Called before the temp file takes the place of the file. */
let beforeRename: ((from: string) => Promise<void>) | undefined;
vi.mock("node:fs/promises", async (importOriginal) => {
  const original = await importOriginal<typeof FileSystem>();
  return {
    ...original,
    rename: async (from: string, to: string) => {
      await beforeRename?.(from);
      await original.rename(from, to);
    },
  };
});

const root = process.geteuid?.() === 0;
let directory: string;
let path: string;
let victim: string;
let warnings: string[];
const onWarning = (message: string): void => void warnings.push(message);
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "ksmkit-private-"));
  await mkdir(join(directory, "own"), { mode: 0o700 });
  path = join(directory, "own", "file");
  victim = join(directory, "victim");
  await writeFile(victim, "precious");
  warnings = [];
  beforeRename = undefined;
});
afterEach(() => rm(directory, { recursive: true }));

const own = (): string => join(directory, "own");
const text = async (options?: PrivateFileOptions): Promise<string | null> => {
  const content = await readPrivateFile(path, options);
  return content && utf8Text(content.bytes);
};

describe("writePrivateFile", () => {
  it("writes for this user only, whatever the umask and the file before are", async () => {
    await writeFile(path, "old", { mode: 0o666 });
    const before = process.umask(0o377);
    try {
      await writePrivateFile(path, utf8Bytes("new"));
    } finally {
      process.umask(before);
    }
    expect([await readFile(path, "utf8"), (await stat(path)).mode & 0o777]).toEqual(["new", 0o600]);
    expect(await readdir(own())).toEqual(["file"]);
  });

  it.each<[string, () => Promise<void>]>([
    ["a file", () => symlink(victim, path)],
    ["nothing", () => symlink(join(directory, "created"), path)],
    ["a directory", () => symlink(directory, path)],
    [
      "a file, through another link",
      async () => {
        await symlink(victim, join(own(), "hop"));
        await symlink("hop", path);
      },
    ],
    ["itself", () => symlink("file", path)],
  ])("replaces a link to %s and leaves what it leads to", async (_what, plant) => {
    for (const content of [utf8Bytes("new"), () => utf8Bytes("new")]) {
      await rm(own(), { recursive: true });
      await mkdir(own());
      await plant();
      await writePrivateFile(path, content);
      expect((await lstat(path)).isFile()).toBe(true);
      expect(await readFile(path, "utf8")).toBe("new");
      expect(await readFile(victim, "utf8")).toBe("precious");
      expect((await readdir(directory)).toSorted()).toEqual(["own", "victim"]);
    }
  });

  it("passes an update nothing of what a link leads to", async () => {
    await symlink(victim, path);
    const seen: unknown[] = [];
    await writePrivateFile(path, (current) => {
      seen.push(current);
      return utf8Bytes("new");
    });
    expect(seen).toEqual([null]);
  });

  it("writes no second name of the file", async () => {
    await link(victim, path);
    await writePrivateFile(path, utf8Bytes("new"));
    expect([await readFile(victim, "utf8"), await readFile(path, "utf8")]).toEqual(["precious", "new"]);
  });

  it("writes through none of the names that a temp file could have", async () => {
    const names = [`file.${process.pid}.tmp`, "file.tmp", ".file.tmp", `.file.${process.pid}.tmp`, "file~"];
    for (const name of names) await symlink(victim, join(own(), name));
    await writePrivateFile(path, utf8Bytes("new"));
    expect(await readFile(victim, "utf8")).toBe("precious");
    expect((await readdir(own())).toSorted()).toEqual([...names, "file"].toSorted());
  });

  it("does not use the same temp file twice", async () => {
    const seen = new Set<string>();
    beforeRename = async (from) => void seen.add(from);
    for (let round = 0; round < 5; round++) await writePrivateFile(path, utf8Bytes(String(round)));
    expect(seen.size).toBe(5);
    for (const name of seen) expect(name).toMatch(/[/\\]\.file\.[0-9a-f]{8}-\d+-[0-9a-f]{16}\.tmp$/);
  });

  it("hands an update what is there, and leaves the file when it says so", async () => {
    const append = (current: Uint8Array | null): Uint8Array =>
      utf8Bytes(`${current === null ? "" : utf8Text(current)}+`);
    for (let round = 0; round < 3; round++) await writePrivateFile(path, append);
    const { ino } = await stat(path);
    await writePrivateFile(path, () => null);
    expect([await text(), (await stat(path)).ino, await readdir(own())]).toEqual(["+++", ino, ["file"]]);
  });

  it("passes on what an update throws and leaves the file", async () => {
    await writePrivateFile(path, utf8Bytes("old"));
    const fault = new Error("mine");
    const update = (): never => {
      throw fault;
    };
    await expect(writePrivateFile(path, update)).rejects.toBe(fault);
    expect([await text(), await readdir(own())]).toEqual(["old", ["file"]]);
  });

  it("loses no update of several writers", async () => {
    const append = (current: Uint8Array | null): Uint8Array =>
      utf8Bytes(`${current === null ? "" : utf8Text(current)}+`);
    await Promise.all(Array.from({ length: 5 }, () => writePrivateFile(path, append)));
    expect(await text()).toBe("+++++");
  });

  it("starts anew when its temp file is removed, and gives up in the end", async () => {
    let removals = 1;
    let updates = 0;
    beforeRename = async (from) => {
      if (removals-- > 0) await unlink(from);
    };
    const update = (): Uint8Array => utf8Bytes(String(++updates));
    await writePrivateFile(path, update);
    expect(await text()).toBe("2");
    removals = 99;
    await expect(writePrivateFile(path, update)).rejects.toMatchObject({
      code: "ERR_FILE_UNWRITABLE",
      retryable: true,
    });
    expect([await text(), await readdir(own())]).toEqual(["2", ["file"]]);
  });

  it("makes the directory only on request", async () => {
    const deep = join(own(), "a", "b", "file");
    await expect(writePrivateFile(deep, utf8Bytes("x"))).rejects.toMatchObject({
      code: "ERR_FILE_UNWRITABLE",
      message: expect.stringContaining("its directory does not exist"),
    });
    await writePrivateFile(deep, utf8Bytes("x"), { makeDirectory: true });
    expect((await stat(join(own(), "a", "b"))).mode & 0o777).toBe(0o700);
  });

  it("reports a directory in its place", async () => {
    await mkdir(path);
    await expect(writePrivateFile(path, utf8Bytes("x"))).rejects.toMatchObject({
      code: "ERR_FILE_UNWRITABLE",
    });
    expect(await readdir(own())).toEqual(["file"]);
  });

  it("restricts the temp file through access lists before it gets its name", async () => {
    const windows = new FakeWindows();
    const access = new WindowsAccess(windows.run);
    await writePrivateFile(path, utf8Bytes("x"), { access });
    expect([...windows.lists.keys()]).toEqual([expect.stringMatching(/\.tmp$/)]);
    windows.failing = "icacls.exe";
    await expect(writePrivateFile(path, utf8Bytes("y"), { access })).rejects.toMatchObject({
      code: "ERR_FILE_PERMISSIONS",
    });
    expect([await readFile(path, "utf8"), await readdir(own())]).toEqual(["x", ["file"]]);
  });
});

describe("readPrivateFile", () => {
  it("finds nothing where nothing is", async () => {
    expect(await readPrivateFile(path)).toBeNull();
    expect(await readPrivateFile(join(own(), "missing", "file"))).toBeNull();
  });

  it.each([
    ["a file", () => victim],
    ["nothing", () => join(directory, "missing")],
  ])("does not follow a link to %s", async (_what, target) => {
    await symlink(target(), path);
    await expect(readPrivateFile(path)).rejects.toMatchObject({
      code: "ERR_FILE_UNREADABLE",
      message: expect.stringContaining("symbolic link"),
    });
  });

  it("warns of a file that others may read, and refuses it with strictPermissions", async () => {
    await writeFile(path, "x");
    await chmod(path, 0o640);
    expect(await text({ onWarning })).toBe("x");
    expect(warnings).toEqual([expect.stringContaining("mode 0640")]);
    await expect(text({ strictPermissions: true })).rejects.toMatchObject({ code: "ERR_FILE_PERMISSIONS" });
  });

  it.runIf(root)("warns of a file that another user planted, or refuses it", async () => {
    await writeFile(path, "planted", { mode: 0o600 });
    await chown(path, 4321, 4321);
    expect(await text({ onWarning })).toBe("planted");
    expect(warnings).toEqual([expect.stringContaining("4321")]);
    await expect(text({ strictPermissions: true })).rejects.toMatchObject({ code: "ERR_FILE_PERMISSIONS" });
  });

  it("repairs an access list that admits others", async () => {
    await writeFile(path, "x");
    const windows = new FakeWindows([[path, "D:(A;;FR;;;WD)"]]);
    expect(await text({ access: new WindowsAccess(windows.run) })).toBe("x");
    expect(windows.lists.get(path)).not.toContain("WD");
  });

  it("refuses content beyond its limit", async () => {
    await writePrivateFile(path, new Uint8Array(11));
    await expect(text({ maxBytes: 10 })).rejects.toMatchObject({ code: "ERR_FILE_UNREADABLE" });
  });
});

describe("a directory", () => {
  const both = async (options: PrivateFileOptions): Promise<unknown[]> => [
    await writePrivateFile(path, utf8Bytes("x"), options).catch((error: unknown) => error),
    await readPrivateFile(path, options).catch((error: unknown) => error),
  ];
  const refused = expect.objectContaining({ code: "ERR_FILE_PERMISSIONS" });

  it.each([0o777, 0o775, 0o757, 0o2770])(
    "of mode %o is warned of, and refused with strictPermissions",
    async (mode) => {
      await chmod(own(), mode);
      await both({ onWarning });
      expect(warnings).toEqual([
        expect.stringContaining("chmod go-w"),
        expect.stringContaining("chmod go-w"),
      ]);
      expect(await text()).toBe("x");
      await rm(path);
      expect(await both({ strictPermissions: true })).toEqual([refused, refused]);
      expect(await readdir(own())).toEqual([]);
    },
  );

  it.each([0o700, 0o755, 0o1777])("of mode %o is fine", async (mode) => {
    await chmod(own(), mode);
    await both({ onWarning, strictPermissions: true });
    expect([warnings, await text()]).toEqual([[], "x"]);
  });

  it.runIf(root)("of another user is refused with strictPermissions, sticky or not", async () => {
    await chown(own(), 4321, 4321);
    for (const mode of [0o755, 0o1777]) {
      await chmod(own(), mode);
      expect(await both({ strictPermissions: true })).toEqual([refused, refused]);
    }
    await both({ onWarning });
    expect(warnings).toEqual([expect.stringContaining("4321"), expect.stringContaining("4321")]);
  });

  it.runIf(root)("behind a link of another user is refused with strictPermissions", async () => {
    const planted = join(directory, "planted");
    await symlink(own(), planted);
    await lchown(planted, 4321, 4321);
    path = join(planted, "file");
    expect(await both({ strictPermissions: true })).toEqual([refused, refused]);
  });
});

describe.runIf(root)("the owner of the file", () => {
  it("keeps it where the directory is theirs as well", async () => {
    await writeFile(path, "old");
    await chown(path, 4321, 4322);
    await chown(own(), 4321, 4322);
    await writePrivateFile(path, utf8Bytes("new"));
    expect(await stat(path)).toMatchObject({ uid: 4321, gid: 4322 });
  });

  it("does not get the next content of a file that they planted", async () => {
    await chmod(own(), 0o1777);
    await writeFile(path, "planted");
    await chown(path, 4321, 4322);
    await writePrivateFile(path, utf8Bytes("new"));
    expect(await stat(path)).toMatchObject({ uid: 0, gid: 0 });
  });
});

it("removePrivateFile removes a link, not what it leads to", async () => {
  await symlink(victim, path);
  await removePrivateFile(path);
  await removePrivateFile(path);
  expect([await readdir(own()), await readFile(victim, "utf8")]).toEqual([[], "precious"]);
});
