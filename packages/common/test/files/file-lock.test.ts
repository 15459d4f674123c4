import { mkdtemp, readdir, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { spawnSync } from "node:child_process";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { platformSleep, type Sleep } from "../../src/time/clock.ts";
import { FileLock, removeStaleLocks, staleAfterMs } from "../../src/files/file-lock.ts";

const deadPid = spawnSync(process.execPath, ["-e", "0"]).pid;

/** How locks made here are marked. */
let host: string;
let directory: string;
let target: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "ksmkit-lock-"));
  target = join(directory, "file");
  const lock = await FileLock.acquire(target);
  host = /\.file\.([0-9a-f]{8})-/.exec(lock.path)?.[1] ?? "";
  await lock.release();
});
afterEach(() => rm(directory, { recursive: true }));

async function leave(owner: string, ageMs = 0): Promise<string> {
  const path = join(directory, `.file.${owner}-0123456789abcdef.tmp`);
  await writeFile(path, "");
  const time = new Date(Date.now() - ageMs);
  await utimes(path, time, time);
  return path;
}

describe("FileLock", () => {
  it("creates one private temp file, which release removes", async () => {
    const lock = await FileLock.acquire(target);
    expect(await readdir(directory)).toEqual([lock.path.slice(directory.length + 1)]);
    expect((await lock.handle.stat()).mode & 0o777).toBe(0o600);
    await lock.release();
    await lock.release();
    expect(await readdir(directory)).toEqual([]);
  });

  it("waits for the holder and then goes on", async () => {
    const holder = await FileLock.acquire(target);
    let waits = 0;
    const sleep = async (): Promise<void> => {
      if (++waits === 3) await holder.release();
    };
    const lock = await FileLock.acquire(target, { sleep });
    expect([waits, lock.path === holder.path]).toEqual([3, false]);
    await lock.release();
  });

  it("gives up after its time limit and says that trying again may help", async () => {
    const holder = await FileLock.acquire(target);
    await expect(FileLock.acquire(target, { timeoutMs: 0 })).rejects.toMatchObject({
      code: "ERR_FILE_LOCKED",
      retryable: true,
    });
    await holder.release();
    expect(await readdir(directory)).toEqual([]);
  });

  it("ends the wait when its signal aborts, and starts none on an aborted one", async () => {
    const holder = await FileLock.acquire(target);
    const controller = new AbortController();
    const sleep: Sleep = (ms, signal) => {
      controller.abort(new Error("enough"));
      return platformSleep(ms, signal);
    };
    const options = { sleep, signal: controller.signal };
    await expect(FileLock.acquire(target, options)).rejects.toThrow("enough");
    await holder.release();
    await expect(FileLock.acquire(target, options)).rejects.toThrow("enough");
    expect(await readdir(directory)).toEqual([]);
  });

  it("removes its temp file when waiting is interrupted by a failure", async () => {
    const holder = await FileLock.acquire(target);
    const sleep = (): Promise<never> => Promise.reject(new Error("interrupted"));
    await expect(FileLock.acquire(target, { sleep })).rejects.toThrow("interrupted");
    expect(await readdir(directory)).toHaveLength(1);
    await holder.release();
  });

  it("lets different files be locked at once", async () => {
    const [a, b] = [
      await FileLock.acquire(target),
      await FileLock.acquire(`${target}.json`, { timeoutMs: 0 }),
    ];
    await a.release();
    await b.release();
    expect(await readdir(directory)).toEqual([]);
  });

  it.each([
    ["a dead process of this host, however young", () => `${host}-${deadPid}`, 0],
    ["an old one of another host", () => "00000000-1", staleAfterMs + 5000],
    ["an old one of a living process", () => `${host}-${process.pid}`, staleAfterMs + 5000],
    ["another host whose clock is a day ahead", () => "00000000-1", -86_400_000],
    ["another boot, from before the clock was set back", () => `11111111-${process.pid}`, -3_600_000],
    ["a living process, stamped beyond the bound", () => `${host}-${process.pid}`, -staleAfterMs - 5000],
  ])("removes the lock of %s", async (_what, owner, age) => {
    await leave(owner(), age);
    const lock = await FileLock.acquire(target, { timeoutMs: 0 });
    expect(await readdir(directory)).toHaveLength(1);
    await lock.release();
  });

  it.each<[string, () => string, number?]>([
    ["a living process", () => `${host}-${process.pid}`],
    ["a living process of another user", () => `${host}-1`],
    ["another host, where a process id means nothing here", () => `00000000-${deadPid}`],
    ["another host whose clock is a little ahead", () => "00000000-1", -staleAfterMs / 2],
  ])("respects the young lock of %s", async (_what, owner, age = 0) => {
    const path = await leave(owner(), age);
    await expect(FileLock.acquire(target, { timeoutMs: 0 })).rejects.toMatchObject({ retryable: true });
    expect(await readdir(directory)).toEqual([path.slice(directory.length + 1)]);
  });
});

describe("removeStaleLocks", () => {
  it("is content when there is no directory", async () => {
    await expect(removeStaleLocks(join(directory, "missing", "file"))).resolves.toBeUndefined();
  });
});
