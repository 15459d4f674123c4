/** What `npm publish` would send: every package packed, looked into, and laid out as npm installs it. */
import { spawnSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  symlinkSync,
} from "node:fs";
import { dirname, join, normalize } from "node:path";
import { publishedPackages, root, type Package } from "../workspace.ts";

/** Where the tarballs lie, each named after the folder of its package. */
export const tarballs: string = join(root, "tmp/tarballs");

/** A project in which all of them are installed. */
export const consumer: string = join(root, "tmp/consumer");

/** The tarball of a package. */
export function tarballOf({ folder }: Package): string {
  return join(tarballs, `${folder.replaceAll("/", "-")}.tgz`);
}

interface PublishedManifest {
  keywords?: string[];
  dependencies?: Record<string, string>;
  peerDependencies?: Record<string, string>;
  [field: string]: unknown;
}

/** Packs and installs every package; gives what is wrong with the tarballs. */
export function checkTarballs(): string[] {
  for (const folder of [tarballs, consumer]) {
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
  }
  return publishedPackages().flatMap((each) => {
    const fault = pack(each);
    return fault === undefined ? contentFaults(each).map((found) => `${each.name}: ${found}`) : [fault];
  });
}

function pack(each: Package): string | undefined {
  const args = ["pack", "--silent", "--pack-destination", tarballs];
  const { status, stdout, stderr } = spawnSync("npm", args, { cwd: each.path, encoding: "utf8" });
  if (status !== 0) return `npm pack in ${each.folder} ended with ${status}\n${stdout}${stderr}`;
  const file = stdout.trim().split("\n").at(-1) ?? "";
  const installed = join(consumer, "node_modules", each.name);
  mkdirSync(installed, { recursive: true });
  const unpacked = spawnSync("tar", ["-xzf", join(tarballs, file), "--strip-components=1", "-C", installed]);
  if (unpacked.status !== 0) return `${file} does not unpack: ${unpacked.stderr.toString()}`;
  renameSync(join(tarballs, file), tarballOf(each));
  linkDependencies(each, installed);
  return undefined;
}

/** What the package names as a dependency is there, as npm would have put it. */
function linkDependencies(each: Package, installed: string): void {
  const { dependencies, peerDependencies } = manifestOf(installed);
  for (const name of Object.keys({ ...dependencies, ...peerDependencies })) {
    const own = join(each.path, "node_modules", name);
    const target = join(installed, "node_modules", name);
    if (name.startsWith("@ksmkit/") || !existsSync(own)) continue;
    mkdirSync(dirname(target), { recursive: true });
    symlinkSync(realpathSync(own), target, "junction");
  }
}

function manifestOf(path: string): PublishedManifest {
  return JSON.parse(readFileSync(join(path, "package.json"), "utf8")) as PublishedManifest;
}

function contentFaults(each: Package): string[] {
  const installed = join(consumer, "node_modules", each.name);
  const files = readdirSync(installed, { recursive: true, encoding: "utf8" })
    .map((path) => path.replaceAll("\\", "/"))
    .filter((path) => !path.startsWith("node_modules"));
  const faults = ["README.md", "CHANGELOG.md", "LICENSE"]
    .filter((name) => !files.includes(name))
    .map((name) => `${name} is not in the tarball`);
  for (const path of files) {
    if (path.endsWith(".map")) faults.push(`${path} is a source map`);
    else if (
      /\.c?js$/.test(path) &&
      readFileSync(join(installed, path), "utf8").includes("sourceMappingURL=")
    )
      faults.push(`${path} names a source map`);
    else if (path.endsWith(".md")) faults.push(...linkFaults(installed, path, files));
  }
  return [...faults, ...manifestFaults(manifestOf(installed), manifestOf(root))];
}

/** Links that lead out of the tarball, or to a file that it lacks. */
function linkFaults(installed: string, path: string, files: readonly string[]): string[] {
  const text = readFileSync(join(installed, path), "utf8");
  const links = text.matchAll(
    /\]\(\s*<?([^)\s>]+)|^\s*\[[^\]]+\]:\s*<?(\S+?)>?\s*$|(?:href|src)="([^"]+)"/gm,
  );
  return [...links].flatMap(([, inline, reference, html]) => {
    const link = inline ?? reference ?? html ?? "";
    if (/^(?:#|[a-z][a-z\d+.-]*:)/i.test(link)) return [];
    const target = normalize(join(dirname(path), link.replace(/[#?].*$/, ""))).replaceAll("\\", "/");
    return files.includes(target) ? [] : [`${path} links to ${link}, which is not in the tarball`];
  });
}

function manifestFaults(manifest: PublishedManifest, rootManifest: PublishedManifest): string[] {
  const faults = [];
  if (!manifest.keywords?.length) faults.push("the manifest has no keywords");
  const local = /workspace:|catalog:|ksmkit-source|\.ts"/.exec(
    JSON.stringify({ ...manifest, files: [] }).replaceAll(/\.d\.c?ts"/g, '"'),
  );
  if (local !== null)
    faults.push(`the manifest holds ${local[0]}, which means nothing outside this repository`);
  for (const field of ["repository", "homepage", "bugs"]) {
    if ((manifest[field] === undefined) !== (rootManifest[field] === undefined))
      faults.push(`${field} of the manifest is not that of the root`);
  }
  return faults;
}
