import { userInfo } from "node:os";
import { describe, expect, it } from "vitest";
import { restrictWindowsAccess } from "../../src/files/windows-access.ts";

describe("restrictWindowsAccess", () => {
  it("grants the file to the current user and the administrators only, without a shell", async () => {
    const calls: [string, readonly string[]][] = [];
    const worked = await restrictWindowsAccess("C:\\a b\\x & y.json", async (file, args) =>
      calls.push([file, args]),
    );
    expect(worked).toBe(true);
    expect(calls).toEqual([
      [
        expect.stringMatching(/\\System32\\icacls\.exe$/),
        ["C:\\a b\\x & y.json", "/inheritance:r", "/grant:r", `${userInfo().username}:F`, "*S-1-5-32-544:F"],
      ],
    ]);
  });

  it("is never fatal", async () => {
    expect(await restrictWindowsAccess("x", () => Promise.reject(new Error("no icacls")))).toBe(false);
  });
});
