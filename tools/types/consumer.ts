/** A consumer's project: what npm would install of each published package, and the type tests beside it. */
import {
  cpSync,
  existsSync,
  globSync,
  mkdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { publishedExports, type ExportsMap } from "@ksmkit/tool-repo/published-manifest";
import { publishedPackages, root, type Package } from "@ksmkit/tool-repo/workspace";

interface Manifest {
  name: string;
  version: string;
  type: string;
  dependencies?: Record<string, string>;
  peerDependencies?: Record<string, string>;
  exports: ExportsMap;
}

/** One way of compiling: what a kind of consumer has in its tsconfig. */
export interface Consumer {
  name: string;
  /** Whether Node's types, and what works on Node only, belong to it. */
  isNode: boolean;
  compilerOptions: object;
  /** Which files are compiled. Default: the type tests, `*.test-d.ts`. */
  include?: readonly string[];
}

const common = {
  target: "ES2022",
  strict: true,
  noUncheckedIndexedAccess: true,
  skipLibCheck: false,
  noEmit: true,
};

/**
 * Node projects by either resolution, one for browsers and workers without Node's types, and one that augments interfaces
 * of the packages, which would reach all other tests in the same compilation.
 */
export const consumers: readonly Consumer[] = [
  {
    name: "nodenext",
    isNode: true,
    compilerOptions: {
      ...common,
      module: "NodeNext",
      lib: ["ES2022"],
      types: ["node"],
      exactOptionalPropertyTypes: true,
    },
  },
  {
    name: "bundler",
    isNode: true,
    compilerOptions: {
      ...common,
      module: "ESNext",
      moduleResolution: "Bundler",
      lib: ["ES2022"],
      types: ["node"],
    },
  },
  {
    name: "web",
    isNode: false,
    compilerOptions: {
      ...common,
      module: "ESNext",
      moduleResolution: "Bundler",
      lib: ["ES2022", "DOM", "ESNext.Disposable"],
      types: [],
    },
  },
  {
    name: "augmented",
    isNode: true,
    compilerOptions: { ...common, module: "NodeNext", lib: ["ES2022"], types: ["node"] },
    include: ["**/*.augmented-d.ts"],
  },
];

/** Lays the project out in `folder`; returns what is missing in the packages. */
export function layOut(folder: string): string[] {
  rmSync(folder, { recursive: true, force: true });
  const faults: string[] = [];
  link(folder, "@types/node", join(root, "node_modules/@types/node"));
  copyPackage(folder, "@ksmkit/tool-types", import.meta.dirname, ["package.json", "expect.ts"]);
  for (const each of publishedPackages()) faults.push(...addPackage(folder, each));
  for (const { name, isNode, compilerOptions, include = ["**/*.test-d.ts"] } of consumers) {
    const exclude = ["node_modules", ...(isNode ? [] : ["**/*.node.test-d.ts"])];
    const config = { compilerOptions, include, exclude };
    writeFileSync(join(folder, `tsconfig.${name}.json`), JSON.stringify(config, null, 2));
  }
  writeFileSync(join(folder, "package.json"), JSON.stringify({ private: true, type: "module" }));
  return faults;
}

function addPackage(folder: string, { name, path, folder: own }: Package): string[] {
  const manifest = JSON.parse(readFileSync(join(path, "package.json"), "utf8")) as Manifest;
  const { version, type, dependencies, peerDependencies } = manifest;
  const exports = publishedExports(manifest.exports);
  const declarations = globSync("dist/**/*.d.{ts,cts}", { cwd: path });
  if (declarations.length === 0) return [`${own} is not built: run \`npx turbo run build\``];
  const target = copyPackage(folder, name, path, declarations);
  const published = { name, version, type, exports };
  writeFileSync(join(target, "package.json"), JSON.stringify(published));
  for (const dependency of Object.keys({ ...dependencies, ...peerDependencies })) {
    const installed = join(path, "node_modules", dependency);
    if (!dependency.startsWith("@ksmkit/") && existsSync(installed)) link(folder, dependency, installed);
  }
  const tests = globSync("test-d/**/*.ts", { cwd: path });
  mkdirSync(join(folder, own), { recursive: true });
  for (const test of tests) cpSync(join(path, test), join(folder, own, test.slice("test-d/".length)));
  for (const [entry, target] of Object.entries(exports)) {
    if (typeof target === "string") continue;
    const isNodeOnly = target["default"]?.startsWith("./dist/on-web/") !== true;
    writeExportsTest(join(folder, own), name + entry.slice(1), isNodeOnly);
  }
  return tests.some((test) => test.endsWith(".test-d.ts"))
    ? []
    : [`${own} has no type tests: add ${own}/test-d/*.test-d.ts`];
}

/** Exports of type `any`, because what they replace has that type. */
const meantToBeAny: Readonly<Record<string, readonly string[]>> = { "@ksmkit/compat": ["getValue"] };

/** Every export of an entry is something, and not `any`. */
function writeExportsTest(folder: string, entry: string, isNodeOnly: boolean): void {
  const file = `${entry.replaceAll(/\W+/g, "-").slice(1)}-exports${isNodeOnly ? ".node" : ""}.test-d.ts`;
  const meant = (meantToBeAny[entry] ?? []).map((name) => JSON.stringify(name)).join(" | ") || "never";
  const code = `import * as entry from "${entry}";
import type { AnyIn } from "@ksmkit/tool-types/expect";
declare const anyIn: AnyIn<typeof entry>;
anyIn satisfies ${meant};
`;
  writeFileSync(join(folder, file), code);
}

function copyPackage(folder: string, name: string, from: string, files: readonly string[]): string {
  const target = join(folder, "node_modules", name);
  for (const file of files) cpSync(join(from, file), join(target, file));
  return target;
}

function link(folder: string, name: string, installed: string): void {
  const path = join(folder, "node_modules", name);
  mkdirSync(dirname(path), { recursive: true });
  if (!existsSync(path)) symlinkSync(realpathSync(installed), path, "junction");
}
