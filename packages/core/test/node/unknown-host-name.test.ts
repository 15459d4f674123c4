/** Deno throws an error of its own when a program may not read the host's name: it becomes a coded one. */
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, it, vi } from "vitest";
import { fileStorage } from "../../src/node/file-storage.ts";

afterEach(() => {
  vi.restoreAllMocks();
});

it("is a coded error that says what to allow, and leaves nothing behind", async () => {
  vi.spyOn(process.getBuiltinModule("node:os"), "hostname").mockImplementation(() => {
    throw new Error("Requires sys access");
  });
  const folder = await mkdtemp(join(tmpdir(), "ksmkit-"));
  try {
    const storage = fileStorage({ path: join(folder, "ksm-config.json") });
    const refused = {
      code: "ERR_KSM_STORAGE_UNWRITABLE",
      message: expect.stringContaining("--allow-sys=hostname"),
    };
    await expect(storage.checkWritable()).rejects.toMatchObject(refused);
    await expect(storage.save({ hostname: "h.example" })).rejects.toMatchObject(refused);
    expect(await readdir(folder)).toEqual([]);
  } finally {
    await rm(folder, { recursive: true });
  }
});
