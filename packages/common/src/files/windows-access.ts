/** What mode 0600 is on Windows: an access list with the current user and the administrators only. */
import { readFile, unlink } from "node:fs/promises";
import { join } from "node:path";
import { encodeHex } from "../encoding/hex.ts";
import { platformRandom } from "../time/clock.ts";
import { FileError } from "./file-error.ts";

/** Runs a program without a shell and resolves with what it printed; rejects when it fails. */
export type RunProgram = (file: string, args: readonly string[]) => Promise<string>;

const runProgram: RunProgram = async (file, args) => {
  // Loaded on the one platform that needs them: they cost every program's start otherwise.
  const [{ execFile }, { promisify }] = await Promise.all([
    import("node:child_process"),
    import("node:util"),
  ]);
  const { stdout } = await promisify(execFile)(file, [...args], { timeout: 10_000, windowsHide: true });
  return stdout;
};

/** Well-known security identifier of the administrators group, the same in every language. */
const administrators = "*S-1-5-32-544";
/** Everyone, authenticated users, users, guests, anonymous and interactive logons. */
const groups = ["*S-1-1-0", "*S-1-5-11", "*S-1-5-32-545", "*S-1-5-32-546", "*S-1-5-7", "*S-1-5-4"];
/** An entry that allows one of them, or a domain's users or guests, anything (Microsoft Learn, "ACE strings"). */
const broadEntry =
  /\((?:A|OA|XA|ZA);(?:[^;()]*;){4}(?:WD|AU|BU|BG|AN|IU|NU|DU|DG|S-1-1-0|S-1-5-(?:4|7|11|32-54[56]))[;)]/;

/**
 * Access lists of files, through `icacls`.
 *
 * @example
 * ```ts
 * const access = new WindowsAccess();
 * await access.restrict("C:\\app\\new.json"); // the current user and the administrators, nothing inherited
 * await access.ensurePrivate("C:\\app\\old.json"); // the same, only where groups such as Everyone have access
 * ```
 */
export class WindowsAccess {
  readonly #run: RunProgram;
  #user: Promise<string> | undefined;

  constructor(run: RunProgram = runProgram) {
    this.#run = run;
  }

  /**
   * Restricts a file to the current user and the administrators: inherited entries go, and those of broad groups.
   *
   * @throws {@link FileError} `ERR_FILE_PERMISSIONS` when `icacls` fails, for example on a volume without access lists
   */
  async restrict(path: string): Promise<void> {
    try {
      this.#user ??= this.#currentUser();
      const grants = [`*${await this.#user}:F`, `${administrators}:F`];
      await this.#icacls(path, "/inheritance:r", "/grant:r", ...grants, "/remove:g", ...groups);
    } catch (cause) {
      this.#user = undefined;
      throw new FileError(
        "permissions",
        `Access to file ${path} cannot be restricted to the current user. Check its access list and its volume.`,
        { cause },
      );
    }
  }

  /**
   * Restricts an existing file when a broad group, such as Everyone, has any access to it.
   *
   * @throws {@link FileError} `ERR_FILE_PERMISSIONS` when its access list cannot be read, or admits such a group afterwards
   */
  async ensurePrivate(path: string): Promise<void> {
    if (!(await this.#isBroad(path))) return;
    await this.restrict(path);
    if (await this.#isBroad(path)) {
      throw new FileError(
        "permissions",
        `Others may access file ${path}, and its access list cannot be repaired. Remove their entries from it.`,
      );
    }
  }

  /** `icacls` prints names in the language of the system; what it saves is the same in all of them. */
  async #isBroad(path: string): Promise<boolean> {
    const saved = join(
      process.getBuiltinModule("node:os").tmpdir(),
      `ksmkit-${encodeHex(platformRandom(8))}.acl`,
    );
    try {
      await this.#icacls(path, "/save", saved);
      const list = await readFile(saved, "utf16le");
      // A list that is not there, or of a form unknown here, is no protection.
      return !/D:[A-Z]*\(/.test(list) || broadEntry.test(list);
    } catch (cause) {
      throw new FileError("permissions", `The access list of file ${path} cannot be read.`, { cause });
    } finally {
      await unlink(saved).catch(() => {});
    }
  }

  /** By security identifier: names of services and domain users are ambiguous. */
  async #currentUser(): Promise<string> {
    const printed = await this.#run(system32("whoami.exe"), ["/user", "/fo", "csv", "/nh"]);
    const identifier = /S-1-[0-9-]+/.exec(printed)?.[0];
    if (identifier === undefined)
      throw new FileError("permissions", "The current user cannot be determined.");
    return identifier;
  }

  async #icacls(...args: readonly string[]): Promise<void> {
    await this.#run(system32("icacls.exe"), args);
  }
}

/** The access lists of this platform; `undefined` where files have permission bits. */
export function platformAccess(): WindowsAccess | undefined {
  return process.platform === "win32" ? new WindowsAccess() : undefined;
}

function system32(program: string): string {
  return `${process.env["SystemRoot"] ?? "C:\\Windows"}\\System32\\${program}`;
}
