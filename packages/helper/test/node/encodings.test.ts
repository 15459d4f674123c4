import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { recordsFromFile } from "../../src/node/index.ts";
import { problemsOf } from "../support/failure.ts";

const frame = "version: v3\nkind: KeeperRecord\ndata:\n";

describe("files in other encodings", () => {
  it("are refused instead of storing a damaged password", async () => {
    const folder = await mkdtemp(join(tmpdir(), "ksmkit-helper-"));
    const path = join(folder, "l1.yaml");
    const text = `${frame}- recordType: login\n  title: a\n  fields:\n  - {type: password, value: Pässwört}\n`;
    await writeFile(path, Buffer.from(text, "latin1"));
    expect(await problemsOf(() => recordsFromFile(path))).toEqual(["FILE_NOT_TEXT"]);
    await writeFile(path, Buffer.from(text, "utf16le"));
    expect((await problemsOf(() => recordsFromFile(path)))[0]).not.toBe("");
    await writeFile(path, `\uFEFF${text}`);
    const [made] = await recordsFromFile(path);
    expect(made?.fields.find(({ type }) => type === "password")?.value).toEqual(["Pässwört"]);
    await writeFile(path, Buffer.alloc(25 * 1024 * 1024, 0x20));
    expect(await problemsOf(() => recordsFromFile(path))).toEqual(["FILE_TOO_LARGE"]);
    await rm(folder, { recursive: true });
  });
});
