// @ts-check
/**
 * What a package's manifest becomes in its tarball. Plain JavaScript, because packing runs it on every supported Node.
 *
 * Sources resolve by a condition of this repository, so one `exports` map serves both: the published one lacks that
 * condition, and with it every entry that offers no JavaScript to others (docs/decisions/0007-compat.md).
 */

/** The condition by which packages of this repository resolve each other's sources. */
export const sourceCondition = "ksmkit-source";

/** What only this repository reads. */
const unpublished = ["scripts", "devDependencies", "imports", "inBrowsers"];

/** What the root manifest says once for all packages. */
const shared = ["repository", "homepage", "bugs"];

/**
 * @typedef {Record<string, string>} Conditions
 * @typedef {Record<string, string | Conditions>} ExportsMap
 * @typedef {{ name: string, version: string, files: string[], exports: ExportsMap, dependencies?: Record<string, string>,
 *   peerDependencies?: Record<string, string>, [field: string]: unknown }} Manifest
 */

/**
 * The entries that a tarball offers.
 *
 * @param {ExportsMap} exports The map of the manifest in the repository.
 * @returns {ExportsMap}
 */
export function publishedExports(exports) {
  /** @type {ExportsMap} */
  const published = {};
  for (const [entry, target] of Object.entries(exports)) {
    if (typeof target === "string") published[entry] = target;
    else if (target["default"] !== undefined) {
      const { [sourceCondition]: _source, ...conditions } = target;
      published[entry] = conditions;
    }
  }
  return published;
}

/**
 * The manifest of a tarball.
 *
 * @param {Manifest} manifest The one in the repository.
 * @param {object} facts What the manifest leaves to the repository.
 * @param {Record<string, unknown>} facts.root The root manifest: `repository`, `homepage` and `bugs` come from there.
 * @param {string} facts.folder The package's folder under the root, for `repository.directory`.
 * @param {Record<string, string>} facts.versions The version of each package of the repository.
 * @param {Record<string, string>} facts.catalog The versions that `catalog:` names.
 * @returns {Manifest}
 */
export function publishedManifest(manifest, { root, folder, versions, catalog }) {
  /** @type {Manifest} */
  const published = { ...manifest, exports: publishedExports(manifest.exports) };
  for (const field of unpublished) delete published[field];
  for (const field of shared) if (root[field] !== undefined) published[field] = root[field];
  if (root["repository"] !== undefined) {
    const { repository } = root;
    const address = typeof repository === "string" ? { type: "git", url: repository } : repository;
    published["repository"] = { .../** @type {object} */ (address), directory: folder };
  }
  for (const kind of /** @type {const} */ (["dependencies", "peerDependencies"])) {
    const ranges = manifest[kind];
    if (ranges === undefined) continue;
    published[kind] = Object.fromEntries(
      Object.entries(ranges).map(([name, range]) => [name, publishedRange(name, range, versions, catalog)]),
    );
  }
  return published;
}

/**
 * pnpm resolves `workspace:` and `catalog:` when it packs, npm does not.
 *
 * @param {string} name
 * @param {string} range
 * @param {Record<string, string>} versions
 * @param {Record<string, string>} catalog
 */
function publishedRange(name, range, versions, catalog) {
  const [, prefix] = /^workspace:([\^~]?)\*?$/.exec(range) ?? [];
  const version = prefix === undefined ? undefined : versions[name];
  const resolved =
    version !== undefined ? `${prefix}${version}` : range === "catalog:" ? catalog[name] : range;
  if (resolved === undefined || /^(?:workspace|catalog):/.test(resolved)) {
    throw new RangeError(`${name}: "${range}" names no version that can be published`);
  }
  return resolved;
}
