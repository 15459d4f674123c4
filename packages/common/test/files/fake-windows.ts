import { writeFile } from "node:fs/promises";
import type { RunProgram } from "../../src/files/windows-access.ts";

/** `icacls` and `whoami` over access lists in memory. */
export class FakeWindows {
  /** Programs by name, with their arguments. */
  readonly calls: string[][] = [];
  /** Access lists by path. */
  readonly lists: Map<string, string>;
  /** Program that fails. */
  failing = "";
  /** Whether broad groups' entries go when they are removed. */
  repairs = true;

  constructor(lists: readonly (readonly [string, string])[] = []) {
    this.lists = new Map(lists);
  }

  readonly run: RunProgram = async (file, args) => {
    const program = file.slice(file.lastIndexOf("\\") + 1);
    this.calls.push([program, ...args]);
    if (program === this.failing) throw new Error(`${program} failed`);
    if (program === "whoami.exe") return '"host\\user","S-1-5-21-1-2-3-1001"\r\n';
    const [path = "", action, saved = ""] = args;
    if (action === "/save") {
      await writeFile(saved, `${path}\r\n${this.lists.get(path) ?? ""}\r\n`, "utf16le");
    } else if (this.repairs) this.lists.set(path, "D:PAI(A;;FA;;;BA)(A;;FA;;;S-1-5-21-1-2-3-1001)");
    return "";
  };
}
