import { link, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import type * as FileSystem from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { utf8Bytes, utf8Text } from "../../src/index.ts";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { replaceFile, removeFile } from "../../src/files/replace-file.ts";

/** Fails `rename` as a mount point does, or steals the temp file as a wrong judgement of others would. */
let renameFails: string | undefined;
vi.mock("node:fs/promises", async (importOriginal) => {
  const original = await importOriginal<typeof FileSystem>();
  return {
    ...original,
    rename: async (from: string, to: string) => {
      if (renameFails === "stolen") await original.unlink(from);
      else if (renameFails === "stolen once") {
        await original.unlink(from);
        renameFails = undefined;
      } else if (renameFails !== undefined) throw Object.assign(new Error("refused"), { code: renameFails });
      await original.rename(from, to);
    },
  };
});

const options = { maxBytes: 100 };
const put = (text: string) => (): Uint8Array => utf8Bytes(text);

let directory: string;
let path: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "ksmkit-atomic-"));
  path = join(directory, "file");
  renameFails = undefined;
});
afterEach(() => rm(directory, { recursive: true }));

describe("replaceFile", () => {
  it("hands over the current content and its mode", async () => {
    await replaceFile(path, put("one"), { ...options, mode: 0o640 });
    const seen: unknown[] = [];
    await replaceFile(
      path,
      (current) => {
        seen.push(current && [utf8Text(current.bytes), current.mode]);
        return utf8Bytes("two");
      },
      options,
    );
    expect([seen, await readFile(path, "utf8")]).toEqual([[["one", 0o640]], "two"]);
  });

  it("leaves everything as it is when the update throws, and passes the error on", async () => {
    await writeFile(path, "old");
    const fault = new Error("mine");
    const update = (): never => {
      throw fault;
    };
    await expect(replaceFile(path, update, options)).rejects.toBe(fault);
    expect([await readFile(path, "utf8"), await readdir(directory)]).toEqual(["old", ["file"]]);
  });

  it("runs the given protection on the temp file", async () => {
    const seen: string[] = [];
    const protect = async (temp: string): Promise<void> => void seen.push(temp);
    await replaceFile(path, put("new"), { ...options, protect });
    expect(seen).toEqual([expect.stringMatching(/\.file\.[0-9a-f]{8}-\d+-[0-9a-f]{16}\.tmp$/)]);
  });

  it.each(["EBUSY", "EXDEV", "EPERM", "EACCES"])(
    "overwrites in place where renaming fails with %s",
    async (code) => {
      await writeFile(path, "a longer old content");
      const { ino } = await stat(path);
      renameFails = code;
      await replaceFile(path, put("new"), { ...options, filler: 0x20 });
      // The filler stays: a file that is not cut cannot be torn by another writer that cuts it at the same time.
      const padded = "new".padEnd("a longer old content".length);
      expect([await readFile(path, "utf8"), (await stat(path)).ino]).toEqual([padded, ino]);
      await replaceFile(path, put("a longer new content than before"), options);
      expect(await readFile(path, "utf8")).toBe("a longer new content than before");
      expect(await readdir(directory)).toEqual(["file"]);
    },
  );

  it("does not overwrite what is not there", async () => {
    renameFails = "EBUSY";
    await expect(replaceFile(path, put("new"), options)).rejects.toMatchObject({
      code: "ERR_FILE_UNWRITABLE",
      message: expect.stringContaining("EBUSY"),
    });
    expect(await readdir(directory)).toEqual([]);
  });

  it.each(["EIO", "ENOSPC", "stolen"])(
    "keeps the old file when renaming fails otherwise (%s)",
    async (code) => {
      await writeFile(path, "old");
      renameFails = code;
      await expect(replaceFile(path, put("new"), options)).rejects.toMatchObject({
        code: "ERR_FILE_UNWRITABLE",
      });
      expect([await readFile(path, "utf8"), await readdir(directory)]).toEqual(["old", ["file"]]);
    },
  );
});

it("acquires the lock again when another process took this one for dead", async () => {
  await writeFile(path, "old");
  renameFails = "stolen once";
  const seen: string[] = [];
  await replaceFile(
    path,
    (current) => {
      seen.push(utf8Text(current?.bytes ?? new Uint8Array()));
      return utf8Bytes("new");
    },
    options,
  );
  expect([await readFile(path, "utf8"), seen, await readdir(directory)]).toEqual([
    "new",
    ["old", "old"],
    ["file"],
  ]);
});

it.each([
  ["with a filler", 0x20, [30, 60, 45]],
  ["without one, where all are equally long", undefined, [40, 40, 40]],
])(
  "containers that mount one file each, and so cannot take turns, never leave a mixture: %s",
  async (_what, filler, lengths) => {
    // Hard links in different directories are to the locks what two mounts of one file are.
    await writeFile(path, "0".repeat(Math.max(...lengths)));
    const mounts = await Promise.all(
      lengths.map(async (length, index) => {
        const folder = join(directory, String(index));
        await mkdir(folder);
        await link(path, join(folder, "file"));
        return { path: join(folder, "file"), content: String(index + 1).repeat(length) };
      }),
    );
    renameFails = "EBUSY";
    let saved = 0;
    for (let round = 0; round < 60; round++) {
      const outcomes = await Promise.allSettled(
        mounts.map((mount) => replaceFile(mount.path, put(mount.content), { ...options, filler })),
      );
      for (const outcome of outcomes) {
        if (outcome.status === "fulfilled") saved++;
        else expect(outcome.reason).toMatchObject({ code: "ERR_FILE_CONFLICT" });
      }
      expect(mounts.map(({ content }) => content)).toContain((await readFile(path, "utf8")).trimEnd());
    }
    expect(saved).toBeGreaterThan(0);
  },
);

describe("removeFile", () => {
  it("removes what may be removed", async () => {
    await writeFile(path, "x");
    await removeFile(path, ({ bytes }) => utf8Text(bytes) === "y", options);
    expect(await readdir(directory)).toEqual(["file"]);
    await removeFile(path, ({ bytes }) => utf8Text(bytes) === "x", options);
    expect(await readdir(directory)).toEqual([]);
    await expect(removeFile(path, () => true, options)).resolves.toBeUndefined();
  });
});
