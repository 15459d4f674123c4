import { describe, expect, it } from "vitest";
import { publishedExports, publishedManifest } from "../../publish/published-manifest.mjs";

const manifest = {
  name: "@ksmkit/sample",
  version: "1.2.3",
  files: ["dist"],
  exports: {
    ".": { "ksmkit-source": "./src/index.ts", types: "./dist/index.d.ts", default: "./dist/index.js" },
  },
  scripts: { build: "tsc" },
  imports: { "#http": "./src/http.ts" },
  devDependencies: { rolldown: "catalog:" },
  dependencies: { "@ksmkit/common": "workspace:^", yaml: "catalog:" },
  peerDependencies: { redis: ">=5.0.0" },
};
const facts = {
  root: {},
  folder: "packages/sample",
  versions: { "@ksmkit/common": "1.0.4" },
  catalog: { yaml: "2.9.1" },
};

describe("publishedExports", () => {
  it("removes the condition of the repository and keeps the order of the others", () => {
    const exports = publishedExports({
      ".": { "ksmkit-source": "./src/index.ts", types: "./a.d.ts", node: "./n.js", default: "./w.js" },
      "./package.json": "./package.json",
    });
    expect(JSON.stringify(exports)).toBe(
      '{".":{"types":"./a.d.ts","node":"./n.js","default":"./w.js"},"./package.json":"./package.json"}',
    );
  });

  it("leaves out an entry that offers no JavaScript to others", () => {
    const internal = { "ksmkit-source": "./src/internal.ts", types: "./dist/internal.d.ts" };
    expect(publishedExports({ "./internal": internal })).toEqual({});
  });
});

describe("publishedManifest", () => {
  it("leaves out what only the repository reads", () => {
    const published = publishedManifest(manifest, facts);
    for (const field of ["scripts", "imports", "devDependencies"])
      expect(published).not.toHaveProperty(field);
    expect(JSON.stringify(published)).not.toMatch(/workspace:|catalog:|ksmkit-source/);
  });

  it("resolves ranges to what pnpm would make of them", () => {
    const { dependencies, peerDependencies } = publishedManifest(manifest, facts);
    expect(dependencies).toEqual({ "@ksmkit/common": "^1.0.4", yaml: "2.9.1" });
    expect(peerDependencies).toEqual({ redis: ">=5.0.0" });
  });

  it.each([
    ["workspace:^", "1.0.4", "^1.0.4"],
    ["workspace:~", "1.0.4", "~1.0.4"],
    ["workspace:", "1.0.4", "1.0.4"],
    ["workspace:*", "1.0.4", "1.0.4"],
  ])("resolves %s of version %s to %s", (range, version, published) => {
    const dependent = { ...manifest, dependencies: { "@ksmkit/common": range } };
    const versions = { "@ksmkit/common": version };
    expect(publishedManifest(dependent, { ...facts, versions }).dependencies).toEqual({
      "@ksmkit/common": published,
    });
  });

  it.each([
    ["@ksmkit/common", "workspace:../common"],
    ["@ksmkit/unknown", "workspace:^"],
    ["unknown", "catalog:"],
    ["yaml", "catalog:other"],
  ])("refuses %s as %s", (name, range) => {
    expect(() => publishedManifest({ ...manifest, dependencies: { [name]: range } }, facts)).toThrow(
      `${name}: "${range}" names no version that can be published`,
    );
  });

  it("names no address while the root manifest names none", () => {
    const published = publishedManifest(manifest, facts);
    for (const field of ["repository", "homepage", "bugs"]) expect(published).not.toHaveProperty(field);
  });

  it("takes the addresses of the root manifest", () => {
    const url = "git+https://forge.example/ksmkit.git";
    const root = {
      repository: url,
      homepage: "https://ksmkit.example",
      bugs: { url: "https://ksmkit.example/bugs" },
    };
    expect(publishedManifest(manifest, { ...facts, root })).toMatchObject({
      repository: { type: "git", url, directory: "packages/sample" },
      homepage: "https://ksmkit.example",
      bugs: { url: "https://ksmkit.example/bugs" },
    });
    const object = { type: "git", url };
    expect(publishedManifest(manifest, { ...facts, root: { repository: object } })["repository"]).toEqual({
      ...object,
      directory: "packages/sample",
    });
  });
});
