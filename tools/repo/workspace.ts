/** The published packages of this checkout. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";

/** A published package. */
export interface Package {
  name: string;
  /** Absolute path of its folder. */
  path: string;
  /** Its folder under the root, for messages. */
  folder: string;
}

/** Absolute path of the checkout. */
export const root: string = resolve(import.meta.dirname, "../..");

/** Every package under `packages` and `apps` that is not private. */
export function publishedPackages(): Package[] {
  return ["packages", "apps"]
    .filter((parent) => existsSync(join(root, parent)))
    .flatMap((parent) => readdirSync(join(root, parent)).map((name) => `${parent}/${name}`))
    .filter((folder) => existsSync(join(root, folder, "package.json")))
    .map((folder) => {
      const manifest = JSON.parse(readFileSync(join(root, folder, "package.json"), "utf8")) as {
        name: string;
        private?: boolean;
      };
      return { name: manifest.name, isPrivate: manifest.private === true, path: join(root, folder), folder };
    })
    .filter(({ isPrivate }) => !isPrivate)
    .map(({ name, path, folder }) => ({ name, path, folder }));
}
