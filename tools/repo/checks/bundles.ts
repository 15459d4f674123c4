/** Nothing of Node reaches a browser or worker bundle, and an entry that needs Node says so in one. */
import { readFileSync } from "node:fs";
import { builtinModules } from "node:module";
import { join, relative } from "node:path";
import { pathToFileURL } from "node:url";
import { build } from "esbuild";
import { publishedPackages, root } from "../workspace.ts";

/** What the examples for browsers and workers load. */
const neutralExamples = ["examples/browser/dist/public/page.js", "examples/worker/dist/worker.js"];

/** Built entries that must load where there is no Node: all that a manifest offers to the web. */
function neutralEntries(): string[] {
  return publishedPackages().flatMap(({ path }) => {
    const { exports } = JSON.parse(readFileSync(join(path, "package.json"), "utf8")) as {
      exports: Record<string, { browser?: string; default?: string }>;
    };
    return Object.entries(exports)
      .filter(([, target]) => target.browser === undefined && target.default?.startsWith("./dist/on-web/"))
      .map(([, target]) => relative(root, join(path, target.default ?? "")));
  });
}

async function nodeBuiltIns(entry: string): Promise<string[]> {
  const { metafile } = await build({
    entryPoints: [join(root, entry)],
    bundle: true,
    write: false,
    format: "esm",
    platform: "neutral",
    mainFields: ["module", "main"],
    conditions: ["browser"],
    external: ["node:*", ...builtinModules],
    metafile: true,
  });
  return Object.values(metafile.outputs).flatMap(({ imports }) => imports.map(({ path }) => path));
}

/** A program for browsers that uses each name of a Node entry, bundled and run; every use must end in the sentence. */
async function nodeOnlyFaults(name: string, path: string, built: string): Promise<string[]> {
  const names = Object.keys((await import(pathToFileURL(join(path, built)).href)) as object);
  const contents = `import { ${names.join(", ")} } from ${JSON.stringify(name)};
    export const attempts = { ${names.join(", ")} };`;
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: path },
    bundle: true,
    write: false,
    format: "esm",
    platform: "browser",
  });
  const code = Buffer.from(outputFiles[0]?.contents ?? []).toString("base64");
  const { attempts } = (await import(`data:text/javascript;base64,${code}`)) as {
    attempts: Record<string, () => unknown>;
  };
  return Object.entries(attempts).flatMap(([attempt, use]) => {
    try {
      use();
    } catch (error) {
      if (error instanceof Error && error.message.startsWith(`${name} needs Node.js`)) return [];
    }
    return [`${attempt} of ${name} does not say in a browser bundle that it needs Node`];
  });
}

/** The same for every entry that has something else for browsers. */
async function allNodeOnlyFaults(): Promise<string[]> {
  const faults: string[] = [];
  for (const { name, path } of publishedPackages()) {
    const { exports } = JSON.parse(readFileSync(join(path, "package.json"), "utf8")) as {
      exports: Record<string, { browser?: string; default?: string }>;
    };
    for (const [entry, target] of Object.entries(exports)) {
      if (target.browser === undefined || target.default === undefined) continue;
      faults.push(...(await nodeOnlyFaults(name + entry.slice(1), path, target.default)));
    }
  }
  return faults;
}

/** Node built-ins in neutral bundles, and Node entries that fail in browsers without a word. */
export async function checkBundles(): Promise<string[]> {
  const faults: string[] = [];
  const entries = neutralEntries();
  if (entries.length === 0) faults.push("no package has an entry for the web");
  for (const entry of [...entries, ...neutralExamples]) {
    for (const path of await nodeBuiltIns(entry)) faults.push(`${entry} imports ${path} in a browser bundle`);
  }
  return [...faults, ...(await allNodeOnlyFaults())];
}
