/** Folders as a tree: children, paths, look-up by path. */
import type { KsmFolder } from "./ksm-folder.ts";

/** A read-only view over the folders of one answer. A parent that is not among them makes a folder a root. */
export class FolderTree {
  readonly #byUid: ReadonlyMap<string, KsmFolder>;
  readonly #children = new Map<string | undefined, KsmFolder[]>();

  constructor(folders: readonly KsmFolder[]) {
    this.#byUid = new Map(folders.map((folder) => [folder.uid, folder]));
    for (const folder of this.#byUid.values()) {
      const parent = this.#byUid.has(folder.parentUid ?? "") ? folder.parentUid : undefined;
      const siblings = this.#children.get(parent);
      if (siblings === undefined) this.#children.set(parent, [folder]);
      else siblings.push(folder);
    }
  }

  /** The folders without a parent, in order. */
  get roots(): readonly KsmFolder[] {
    return this.#children.get(undefined) ?? [];
  }

  /** Finds a folder by its uid. */
  get(uid: string): KsmFolder | undefined {
    return this.#byUid.get(uid);
  }

  /** The direct sub-folders of a folder, in order. */
  children(uid: string): readonly KsmFolder[] {
    return this.#children.get(uid) ?? [];
  }

  /**
   * The names from the root down to the folder, for example `["Team", "Databases"]`; empty for an unknown uid.
   */
  path(uid: string): string[] {
    const names: string[] = [];
    const seen = new Set<string>();
    let folder = this.#byUid.get(uid);
    while (folder !== undefined && !seen.has(folder.uid)) {
      seen.add(folder.uid);
      names.unshift(folder.name);
      folder = this.#byUid.get(folder.parentUid ?? "");
    }
    return names;
  }

  /**
   * Finds the folders at a path: names from the root down, exact and case-sensitive. Several folders may
   * share one path, so the result is a list.
   *
   * @param path a list of names, or one text with `/` between them and `\/` for a slash inside a name
   */
  find(path: string | readonly string[]): KsmFolder[] {
    const names = typeof path === "string" ? splitPath(path) : path;
    let level: readonly KsmFolder[] = this.roots;
    let found: KsmFolder[] = [];
    for (const [depth, name] of names.entries()) {
      if (depth > 0) level = found.flatMap(({ uid }) => this.children(uid));
      found = level.filter((folder) => folder.name === name);
    }
    return found;
  }
}

function splitPath(path: string): string[] {
  return (path.match(/(?:\\[/\\]|[^/])+/g) ?? []).map((name) => name.replace(/\\([/\\])/g, "$1"));
}
