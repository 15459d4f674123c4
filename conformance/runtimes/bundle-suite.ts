/** Bundles the suite as JavaScript for every runtime; the packages under test stay as they were built. */
import { join } from "node:path";
import { rolldown, type RolldownOptions } from "rolldown";

const root = join(import.meta.dirname, "..");

/** Where the bundles go. */
export const outputFolder: string = join(root, "dist");

const assertModule = { "node:assert/strict": join(root, "suite/assert.ts") };
const packages = /^@ksmkit\/core(?:\/|$)|^@ksmkit\/common$/;

async function write(file: string, options: RolldownOptions): Promise<void> {
  const bundle = await rolldown({
    platform: "neutral",
    // What Node 20 parses.
    transform: { target: "es2022" },
    ...options,
  });
  await bundle.write({ file: join(outputFolder, file), format: "es", codeSplitting: false });
  await bundle.close();
}

/**
 * Bundles the vector suites with core's sources, once for each platform: `#crypto` and its like are resolved as in
 * core's own build.
 */
async function bundleVectors(): Promise<void> {
  for (const [folder, conditionNames] of Object.entries({ "on-node": ["node"], "on-web": [] })) {
    await write(`${folder}/vectors.js`, {
      input: join(root, "../packages/core/test/vectors/all-cases.ts"),
      resolve: { alias: assertModule, conditionNames },
      external: /^node:(?!assert)/,
    });
  }
}

/** Bundles what Node, Bun and Deno run: `@ksmkit/*` and `#vectors` stay imports, which each resolves for itself. */
async function bundleForProcesses(): Promise<void> {
  await write("process.js", {
    input: join(root, "hosts/process.ts"),
    external: (id) => id === "#vectors" || id.startsWith("node:") || packages.test(id),
  });
}

/** Bundles what runs where packages are not resolved: everything in one file. */
async function bundleWhole(name: string): Promise<void> {
  await write(`${name}.js`, { input: join(root, `hosts/${name}.ts`), resolve: { conditionNames: [] } });
}

/** The built Node entry as one file, which platforms without Node must refuse to load. */
async function bundleNodeEntry(): Promise<void> {
  await write("node-entry.js", {
    input: "@ksmkit/core/node",
    cwd: root,
    resolve: { conditionNames: ["node"] },
    external: /^node:/,
  });
}

/** Bundles everything that the runtimes need. */
export async function bundleSuite(): Promise<void> {
  await bundleVectors();
  await bundleForProcesses();
  await bundleNodeEntry();
  await bundleWhole("worker");
  await bundleWhole("page");
}
