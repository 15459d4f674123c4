/** What was read outlives the storage it was read with, as in the official package. */
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, it } from "vitest";
import { recentKeyLimit } from "../src/keys/key-rings.ts";
import { RecentKeys } from "../src/keys/recent-keys.ts";

type Steps = Record<string, unknown>;

/** Runs the program against one of the packages. */
function afterGc(name: "official" | "ours"): Promise<Steps> {
  const program = fileURLToPath(new URL("programs/after-gc.ts", import.meta.url));
  const flags = [
    "--expose-gc",
    "--experimental-transform-types",
    "--conditions=ksmkit-source",
    "--no-warnings",
  ];
  const child = spawn(process.execPath, [...flags, program, name], { timeout: 20_000 });
  let output = "";
  let errors = "";
  child.stdout.on("data", (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (errors += chunk.toString()));
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) =>
      code === 0 ? resolve(JSON.parse(output) as Steps) : reject(new Error(errors)),
    );
  });
}

describe("after the garbage collector has run", () => {
  let official: Steps = {};
  let ours: Steps = {};
  beforeAll(async () => {
    official = await afterGc("official");
    ours = await afterGc("ours");
  });

  it("every step ends as in the official package", () => {
    expect(Object.keys(official)).toHaveLength(18);
    expect(ours).toMatchObject(official);
    for (const [what, end] of Object.entries(official)) expect(end, what).not.toHaveProperty("error");
  });

  it.each(["two applications", "two applications, copies"])(
    "%s with one uid under two keys each get their own content",
    (what) => {
      expect(ours[what]).toEqual({ value: ["YQ==", "Yg=="] });
    },
  );

  it("another application's key is not tried on what says whose it is", () => {
    expect(ours["another application's content"]).toMatchObject({
      error: "Error: Unsupported state or unable to authenticate data",
    });
  });

  it("objects are good however much was read since, copies for the newest keys", () => {
    expect(ours["file before many others"]).toEqual(ours["file"]);
    expect(ours["copy before many others"]).toMatchObject({
      error: expect.stringContaining("Unable to load the key"),
    });
  });
});

describe("recent keys", () => {
  const known = (byte: number, allowUnverifiedCertificate = false) => ({
    key: new Uint8Array(32).fill(byte),
    allowUnverifiedCertificate,
  });

  it("are at least the newest of the limit, and at most twice as many", () => {
    const keys = new RecentKeys(10);
    for (let i = 0; i < 100; i++) {
      keys.keep(`${i}`, known(i));
      const kept = Array.from({ length: i + 1 }, (_, back) => keys.of(`${i - back}`).length);
      expect(kept.slice(0, 10).every((count) => count === 1)).toBe(true);
      expect(kept.reduce((sum, count) => sum + count)).toBeLessThanOrEqual(20);
    }
  });

  it("are bounded for one uid, too", () => {
    const keys = new RecentKeys(10);
    for (let i = 0; i < 100; i++) keys.keep("uid", known(i));
    expect(keys.of("uid").length).toBeLessThanOrEqual(20);
    expect(keys.of("uid")[0]).toEqual(known(99));
  });

  it("take no room when read again, and stay", () => {
    const keys = new RecentKeys(2);
    keys.keep("a", known(1));
    for (let i = 0; i < 10; i++) keys.keep("b", known(2));
    expect([keys.of("a"), keys.of("b")]).toEqual([[known(1)], [known(2)]]);
    keys.clear();
    expect([keys.isEmpty, keys.of("a"), keys.of("b")]).toEqual([true, [], []]);
  });

  it("check certificates unless everyone who read the key waived that", () => {
    const keys = new RecentKeys(2);
    keys.keep("a", known(1, true));
    expect(keys.of("a")).toEqual([known(1, true)]);
    keys.keep("a", known(1, false));
    keys.keep("a", known(1, true));
    expect(keys.of("a")).toEqual([known(1, false)]);
  });

  it("are as many as the README says", () => {
    const readme = readFileSync(new URL("../README.md", import.meta.url), "utf8").replaceAll(/\s+/g, " ");
    expect(readme).toContain(`at least the newest ${recentKeyLimit / 1000} 000 keys`);
  });
});
