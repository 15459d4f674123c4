import { randomInt } from "node:crypto";
import { once } from "node:events";
import { mkdtemp, readdir, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { sealedFileStorage } from "../../src/node/sealed-file-storage.ts";
import { inspectBlob, type SealedStorage } from "../../src/sealed/index.ts";
import { isWhole } from "../node/programs/states.ts";
import { finished, startProgram } from "../node/run-program.ts";
import { symmetricKey } from "./keys.ts";

const kills = process.env["KSMKIT_LONG"] === "1" ? 400 : 40;
const lanes = 4;

let directory: string;
let cache: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "ksmkit-sealed-crash-"));
  cache = join(directory, "compiled");
  await finished(startProgram("try-sealed", [join(directory, "warm-up.bin"), "save"], { cache }));
});
afterAll(() => rm(directory, { recursive: true }));

async function killOnce(path: string, key: string, mode: string): Promise<void> {
  // A process of another key than the file's ends by itself: the caller has seen to the right one.
  const child = startProgram("seal-forever", [path, mode, key], { cache });
  const closed = once(child, "close");
  await Promise.race([once(child.stdout!, "data"), closed]);
  await wait(randomInt(0, 20));
  child.kill("SIGKILL");
  const [code, signal] = (await closed) as [number | null, string | null];
  expect([code, signal]).toEqual([null, "SIGKILL"]);
}

function open(path: string, key: string): SealedStorage {
  return sealedFileStorage({ path, wrapper: symmetricKey(key) });
}

/** The key that a file is sealed under; fails when neither opens it. */
async function keyOf(path: string): Promise<string> {
  for (const key of ["one", "two"]) {
    const opened = await open(path, key)
      .load()
      .catch(() => null);
    if (opened !== null) {
      expect(isWhole(opened)).toBe(true);
      return key;
    }
  }
  throw new Error(`neither key opens ${path}`);
}

/** What lies beside a file, other than the generation before. */
async function litter(path: string): Promise<string[]> {
  const name = path.slice(directory.length + 1);
  const kept = new Set([name, `${name}.bak`]);
  return (await readdir(directory)).filter((entry) => entry.includes(name) && !kept.has(entry));
}

describe.each(["save", "change-key"])("a sealed file, its process killed in %s", (mode) => {
  it(`opens and is whole after each of ${kills} kills`, { timeout: 300_000 }, async () => {
    const lane = async (index: number): Promise<void> => {
      const path = join(directory, `${mode}-${index}.bin`);
      let key = "one";
      for (let round = 0; round < kills / lanes; round++) {
        await killOnce(path, key, mode);
        const report = inspectBlob(await readFile(path));
        expect(report).toMatchObject({ layout: "standard", isProtected: true, trailingLength: 0 });
        expect((await stat(path)).mode & 0o777).toBe(0o600);
        key = await keyOf(path);
        // At most one temp file of each kind, and none once someone has written.
        expect((await litter(path)).length).toBeLessThanOrEqual(1);
      }
      await open(path, key).save({ hostname: "last.example" });
      expect(await litter(path)).toEqual([]);
    };
    await Promise.all(Array.from({ length: lanes }, (_, index) => lane(index)));
  });
});

describe("a sealed file, used by several processes at once", () => {
  it("shows readers whole states only, and keeps a generation that opens", { timeout: 60_000 }, async () => {
    const path = join(directory, "shared.bin");
    const writers = [0, 1].map(() => startProgram("seal-forever", [path, "save", "one"], { cache }));
    const closed = writers.map((writer) => once(writer, "close"));
    await Promise.all(writers.map((writer) => once(writer.stdout!, "data")));
    const reader = open(path, "one");
    for (let reads = 0; reads < 200; reads++) expect(isWhole(await reader.load())).toBe(true);
    for (const writer of writers) writer.kill("SIGKILL");
    await Promise.all(closed);
    expect(isWhole(await open(`${path}.bak`, "one").load())).toBe(true);
  });
});
