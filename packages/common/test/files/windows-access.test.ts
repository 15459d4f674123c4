import { stat } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { WindowsAccess } from "../../src/files/windows-access.ts";
import { FakeWindows } from "./fake-windows.ts";

const path = "C:\\a b\\x & y.json";
const own = "D:PAI(A;;FA;;;BA)(A;;FA;;;S-1-5-21-1-2-3-1001)";

describe("WindowsAccess.restrict", () => {
  it("grants the file to the current user and the administrators only, without a shell", async () => {
    const windows = new FakeWindows();
    const access = new WindowsAccess(windows.run);
    await access.restrict(path);
    await access.restrict(path);
    const icacls = [
      "icacls.exe",
      path,
      "/inheritance:r",
      "/grant:r",
      "*S-1-5-21-1-2-3-1001:F",
      "*S-1-5-32-544:F",
      "/remove:g",
      "*S-1-1-0",
      "*S-1-5-11",
      "*S-1-5-32-545",
      "*S-1-5-32-546",
      "*S-1-5-7",
      "*S-1-5-4",
    ];
    // Who the current user is, is asked once.
    expect(windows.calls).toEqual([["whoami.exe", "/user", "/fo", "csv", "/nh"], icacls, icacls]);
  });

  it.each(["whoami.exe", "icacls.exe"])("is an error when %s fails", async (program) => {
    const windows = new FakeWindows();
    windows.failing = program;
    await expect(new WindowsAccess(windows.run).restrict(path)).rejects.toMatchObject({
      code: "ERR_FILE_PERMISSIONS",
      message: expect.stringContaining(path),
      cause: expect.any(Error),
    });
  });

  it("is an error when the current user has no identifier", async () => {
    const access = new WindowsAccess(() => Promise.resolve(""));
    await expect(access.restrict(path)).rejects.toMatchObject({ code: "ERR_FILE_PERMISSIONS" });
  });
});

describe("WindowsAccess.ensurePrivate", () => {
  it.each([
    own,
    "D:(A;;FA;;;SY)(A;;FA;;;BA)(A;;FR;;;S-1-5-21-1-2-3-1002)",
    "D:(D;;FA;;;WD)(A;;FA;;;S-1-5-21-1-2-3-1001)",
  ])("leaves a file alone that no broad group has access to: %s", async (list) => {
    const windows = new FakeWindows([[path, list]]);
    await new WindowsAccess(windows.run).ensurePrivate(path);
    expect(windows.calls.map(([program, , action]) => [program, action])).toEqual([["icacls.exe", "/save"]]);
  });

  it.each([
    ["Everyone", "D:(A;;FA;;;S-1-5-21-1-2-3-1001)(A;;FR;;;WD)"],
    ["Everyone, inherited", "D:AI(A;ID;0x1200a9;;;WD)"],
    ["users", "D:AI(A;ID;FA;;;SY)(A;ID;0x1200a9;;;BU)"],
    ["authenticated users", "D:AI(A;ID;0x1301bf;;;AU)"],
    ["guests", "D:(A;;FR;;;BG)"],
    ["anonymous logons", "D:(A;;FR;;;AN)"],
    ["domain users", "D:(A;;FR;;;DU)"],
    ["Everyone under a condition", 'D:(XA;;FR;;;WD;(@User.dept=="x"))'],
    ["Everyone by identifier", "D:(A;;FR;;;S-1-1-0)"],
    ["all, since there is no list", "D:NO_ACCESS_CONTROL"],
    ["all, since nothing is said", ""],
  ])("repairs a file that admits %s", async (_who, list) => {
    const windows = new FakeWindows([[path, list]]);
    await new WindowsAccess(windows.run).ensurePrivate(path);
    expect(windows.lists.get(path)).toBe(own);
  });

  it("refuses a file whose entries stay", async () => {
    const windows = new FakeWindows([[path, "D:(A;;FR;;;DU)"]]);
    windows.repairs = false;
    await expect(new WindowsAccess(windows.run).ensurePrivate(path)).rejects.toMatchObject({
      code: "ERR_FILE_PERMISSIONS",
      message: expect.stringContaining("Others may access file"),
    });
  });

  it("refuses a file whose access list cannot be read", async () => {
    const windows = new FakeWindows([[path, own]]);
    windows.failing = "icacls.exe";
    await expect(new WindowsAccess(windows.run).ensurePrivate(path)).rejects.toMatchObject({
      code: "ERR_FILE_PERMISSIONS",
    });
  });

  it("leaves no saved list behind", async () => {
    const windows = new FakeWindows([[path, own]]);
    const saved: string[] = [];
    const access = new WindowsAccess(async (file, args) => {
      if (args[1] === "/save") saved.push(args[2] ?? "");
      return windows.run(file, args);
    });
    await access.ensurePrivate(path);
    expect(saved).toHaveLength(1);
    await expect(stat(saved[0] ?? "")).rejects.toMatchObject({ code: "ENOENT" });
  });
});
