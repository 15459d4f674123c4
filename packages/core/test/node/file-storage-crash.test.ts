import { randomInt } from "node:crypto";
import { once } from "node:events";
import { mkdtemp, readdir, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parseConfigText } from "../../src/config/config-text.ts";
import { fileStorage } from "../../src/node/file-storage.ts";
import { isWhole } from "./programs/states.ts";
import { finished, startProgram } from "./run-program.ts";

const kills = process.env["KSMKIT_LONG"] === "1" ? 200 : 60;
const lanes = 4;

let directory: string;
let cache: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "ksmkit-crash-"));
  cache = join(directory, "compiled");
  await finished(startProgram("try-storage", [join(directory, "warm-up.json"), "save"], { cache }));
});
afterAll(() => rm(directory, { recursive: true }));

/** Kills a saving process at a random moment; gives the temp files that it left. */
async function killOnce(path: string): Promise<number> {
  const child = startProgram("save-forever", [path], { cache });
  const closed = once(child, "close");
  await Promise.race([once(child.stdout!, "data"), closed]);
  await wait(randomInt(0, 20));
  child.kill("SIGKILL");
  const [code, signal] = (await closed) as [number | null, string | null];
  expect([code, signal]).toEqual([null, "SIGKILL"]);
  return (await temps(path)).length;
}

async function temps(path: string): Promise<string[]> {
  const name = path.slice(directory.length + 1);
  return (await readdir(directory)).filter((entry) => entry.includes(name) && entry !== name);
}

describe("fileStorage, killed while saving", () => {
  it(`holds a whole state after each of ${kills} kills`, { timeout: 120_000 }, async () => {
    const lane = async (index: number): Promise<void> => {
      const path = join(directory, `lane-${index}.json`);
      for (let round = 0; round < kills / lanes; round++) {
        const left = await killOnce(path);
        expect(left).toBeLessThanOrEqual(1);
        // Read without our help first: whatever is under the name is whole at any moment.
        expect(isWhole(parseConfigText(await readFile(path, "utf8")))).toBe(true);
        expect((await stat(path)).mode & 0o777).toBe(0o600);
        expect(isWhole(await fileStorage({ path }).load())).toBe(true);
        expect(await temps(path)).toEqual([]);
      }
    };
    await Promise.all(Array.from({ length: lanes }, (_, index) => lane(index)));
  });
});

describe("fileStorage, used by several processes at once", () => {
  it("loses no update", { timeout: 60_000 }, async () => {
    const path = join(directory, "counter.json");
    const counters = Array.from({ length: 3 }, () =>
      finished(startProgram("count-up", [path, "40"], { cache })),
    );
    await Promise.all(counters);
    expect(await fileStorage({ path }).load()).toEqual({ count: "120" });
    expect(await temps(path)).toEqual([]);
  });

  it("shows readers whole states only", { timeout: 60_000 }, async () => {
    const path = join(directory, "shared.json");
    const writers = [
      startProgram("save-forever", [path], { cache }),
      startProgram("save-forever", [path], { cache }),
    ];
    const closed = writers.map((writer) => once(writer, "close"));
    await Promise.all(writers.map((writer) => once(writer.stdout!, "data")));
    const reader = fileStorage({ path });
    for (let reads = 0; reads < 200; reads++) expect(isWhole(await reader.load())).toBe(true);
    for (const writer of writers) writer.kill("SIGKILL");
    await Promise.all(closed);
    await fileStorage({ path }).load();
    expect(await temps(path)).toEqual([]);
  });
});
