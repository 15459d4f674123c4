/** What mode 0600 is on Windows: an access list with the current user and the administrators only. */
import { userInfo } from "node:os";

/** Runs a program without a shell and rejects when it fails. */
export type RunProgram = (file: string, args: readonly string[]) => Promise<unknown>;

const runProgram: RunProgram = async (file, args) => {
  // Loaded on the one platform that needs them: they cost every program's start otherwise.
  const [{ execFile }, { promisify }] = await Promise.all([
    import("node:child_process"),
    import("node:util"),
  ]);
  return promisify(execFile)(file, [...args], { timeout: 10_000, windowsHide: true });
};

/** Well-known security identifier of the administrators group, the same in every language. */
const administrators = "*S-1-5-32-544";

/**
 * Restricts a file to the current user and the administrators through `icacls`: inherited entries go, two
 * grants stay.
 *
 * @returns whether it worked. Never throws: a file system without access lists is no reason to lose a save.
 */
export async function restrictWindowsAccess(path: string, run: RunProgram = runProgram): Promise<boolean> {
  try {
    const root = process.env["SystemRoot"] ?? "C:\\Windows";
    const user = `${userInfo().username}:F`;
    await run(`${root}\\System32\\icacls.exe`, [
      path,
      "/inheritance:r",
      "/grant:r",
      user,
      `${administrators}:F`,
    ]);
    return true;
  } catch {
    return false;
  }
}
