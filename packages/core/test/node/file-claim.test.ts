import { mkdtemp, readdir, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { spawnSync } from "node:child_process";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { claimFile, releaseClaim, staleAfterMs, sweepClaims } from "../../src/node/file-claim.ts";

const deadPid = spawnSync(process.execPath, ["-e", "0"]).pid;

/** How claims made here are marked. */
let host: string;
let directory: string;
let target: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "ksmkit-claim-"));
  target = join(directory, "file");
  const claim = await claimFile(target);
  host = /\.file\.([0-9a-f]{8})-/.exec(claim.path)?.[1] ?? "";
  await releaseClaim(claim);
});
afterEach(() => rm(directory, { recursive: true }));

async function leave(owner: string, ageMs = 0): Promise<string> {
  const path = join(directory, `.file.${owner}-0123456789abcdef.tmp`);
  await writeFile(path, "");
  const time = new Date(Date.now() - ageMs);
  await utimes(path, time, time);
  return path;
}

describe("claimFile", () => {
  it("creates one private temp file, which release removes", async () => {
    const claim = await claimFile(target);
    expect(await readdir(directory)).toEqual([claim.path.slice(directory.length + 1)]);
    expect((await claim.handle.stat()).mode & 0o777).toBe(0o600);
    await releaseClaim(claim);
    await releaseClaim(claim);
    expect(await readdir(directory)).toEqual([]);
  });

  it("waits for the holder and then goes on", async () => {
    const holder = await claimFile(target);
    let waits = 0;
    const sleep = async (): Promise<void> => {
      if (++waits === 3) await releaseClaim(holder);
    };
    const claim = await claimFile(target, { sleep });
    expect([waits, claim.path === holder.path]).toEqual([3, false]);
    await releaseClaim(claim);
  });

  it("gives up after its time limit and says that trying again may help", async () => {
    const holder = await claimFile(target);
    await expect(claimFile(target, { timeoutMs: 0 })).rejects.toMatchObject({
      code: "ERR_KSM_STORAGE_UNWRITABLE",
      retryable: true,
    });
    await releaseClaim(holder);
    expect(await readdir(directory)).toEqual([]);
  });

  it("removes its temp file when waiting is interrupted by a failure", async () => {
    const holder = await claimFile(target);
    const sleep = (): Promise<never> => Promise.reject(new Error("interrupted"));
    await expect(claimFile(target, { sleep })).rejects.toThrow("interrupted");
    expect(await readdir(directory)).toHaveLength(1);
    await releaseClaim(holder);
  });

  it("lets different files be claimed at once", async () => {
    const [a, b] = [await claimFile(target), await claimFile(`${target}.json`, { timeoutMs: 0 })];
    await releaseClaim(a);
    await releaseClaim(b);
    expect(await readdir(directory)).toEqual([]);
  });

  it.each([
    ["a dead process of this host, however young", () => `${host}-${deadPid}`, 0],
    ["an old one of another host", () => "00000000-1", staleAfterMs + 5000],
    ["an old one of a living process", () => `${host}-${process.pid}`, staleAfterMs + 5000],
  ])("removes the claim of %s", async (_what, owner, age) => {
    await leave(owner(), age);
    const claim = await claimFile(target, { timeoutMs: 0 });
    expect(await readdir(directory)).toHaveLength(1);
    await releaseClaim(claim);
  });

  it.each([
    ["a living process", () => `${host}-${process.pid}`],
    ["a living process of another user", () => `${host}-1`],
    ["another host, where a process id means nothing here", () => `00000000-${deadPid}`],
  ])("respects the young claim of %s", async (_what, owner) => {
    const path = await leave(owner());
    await expect(claimFile(target, { timeoutMs: 0 })).rejects.toMatchObject({ retryable: true });
    expect(await readdir(directory)).toEqual([path.slice(directory.length + 1)]);
  });
});

describe("sweepClaims", () => {
  it("is content when there is no directory", async () => {
    await expect(sweepClaims(join(directory, "missing", "file"))).resolves.toBeUndefined();
  });
});
