import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { TypeRegistry } from "../../src/index.ts";
import { loadTypeDirectory, loadTypeFile, recordsFromFile } from "../../src/node/index.ts";
import { problemsOf } from "../support/failure.ts";

const types = (name: string): string =>
  `version: v3\nkind: KeeperRecordType\ndata: [{name: ${name}, fields: [{type: text}]}]\n`;
let folder = "";

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "ksmkit-helper-"));
  await mkdir(join(folder, "types", "deeper"), { recursive: true });
  const files: Record<string, string> = {
    "records.JSON":
      '{"version":"v3","kind":"KeeperRecord","data":[{"recordType":"login","title":"T","fields":[]}]}',
    "records.txt": "version: v3\nkind: KeeperRecord\ndata: []\n",
    "types/b.yaml": types("b"),
    "types/a.yml": types("a"),
    "types/again.yaml": types("a"),
    "types/deeper/c.json": '{"recordTypeId": 1, "content": "{\\"$id\\": \\"c\\", \\"fields\\": []}"}',
    "types/bad.json": "{",
    "types/ignored.txt": "{",
  };
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
});

afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

describe("recordsFromFile", () => {
  it("tells JSON by the end of the name, and takes everything else for YAML", async () => {
    expect(await recordsFromFile(join(folder, "records.JSON"))).toMatchObject([
      { type: "login", title: "T" },
    ]);
    expect(await recordsFromFile(join(folder, "records.txt"))).toEqual([]);
  });

  it.each(["missing.json", "types"])("says that %s cannot be read", async (name) => {
    expect(await problemsOf(() => recordsFromFile(join(folder, name)))).toEqual(["FILE_NOT_FOUND"]);
  });
});

describe("loading types", () => {
  it("adds the types of a file", async () => {
    const registry = new TypeRegistry();
    expect((await loadTypeFile(registry, join(folder, "types", "a.yml"))).map(({ name }) => name)).toEqual([
      "a",
    ]);
    expect(registry.find("a")).toBeDefined();
  });

  it("adds what it can of a directory and reports the rest", async () => {
    const registry = new TypeRegistry();
    const { types: added, failures } = await loadTypeDirectory(registry, join(folder, "types"));
    expect(added.map(({ name }) => name)).toEqual(["a", "b", "c"]);
    expect(failures.map(({ path, error }) => [path, error.code])).toEqual([
      [join(folder, "types", "again.yaml"), "ERR_HELPER_RECORD_TYPE_DUPLICATE"],
      [join(folder, "types", "bad.json"), "ERR_HELPER_JSON_SYNTAX"],
    ]);
    expect(registry.list().slice(-3)).toEqual(["a", "b", "c"]);
  });

  it("says that a directory cannot be read", async () => {
    expect(await problemsOf(() => loadTypeDirectory(new TypeRegistry(), join(folder, "nowhere")))).toEqual([
      "FILE_NOT_FOUND",
    ]);
  });
});
