/** Every TypeScript example of a README or guide compiles against the built packages. */
import { spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync, existsSync } from "node:fs";
import { join, relative } from "node:path";
import { publishedPackages, root } from "../workspace.ts";

const guides = join(root, "docs", "guides");
const folder = join(root, "tmp", "readme-examples");

/** Compiler complaints, and READMEs without any example. */
export function checkReadmes(): string[] {
  const packages = publishedPackages();
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const faults: string[] = [];
  const pages = [
    join(root, "README.md"),
    ...packages.map((each) => join(each.path, "README.md")),
    ...readdirSync(guides).map((name) => join(guides, name)),
  ];
  for (const path of pages) {
    const name = relative(root, path);
    if (!existsSync(path)) {
      faults.push(`${name} is missing`);
      continue;
    }
    const examples = [...readFileSync(path, "utf8").matchAll(/^```ts\n(.*?)^```$/gms)].map(
      ([, code = ""]) => code,
    );
    if (examples.length === 0 && name.endsWith("README.md")) faults.push(`${name} has no example`);
    for (const [index, code] of examples.entries()) {
      writeFileSync(
        join(folder, `${name.replaceAll(/[/.]/g, "-")}-${index + 1}.ts`),
        `${code}\nexport {};\n`,
      );
    }
  }
  const paths = Object.fromEntries(
    packages.flatMap((each) => {
      const { exports } = JSON.parse(readFileSync(join(each.path, "package.json"), "utf8")) as {
        exports: Record<string, { types?: string }>;
      };
      return Object.entries(exports)
        .filter(([, target]) => target.types !== undefined)
        .map(([entry, { types = "" }]) => [each.name + entry.slice(1), [join(each.path, types)]]);
    }),
  );
  writeFileSync(
    join(folder, "tsconfig.json"),
    JSON.stringify({
      extends: "../../tsconfig.base.json",
      compilerOptions: {
        paths,
        customConditions: [],
        noUnusedLocals: false,
        typeRoots: ["../../node_modules/@types"],
      },
      include: ["*.ts"],
    }),
  );
  const { status, stdout } = spawnSync("tsc", ["-p", folder], { cwd: root, encoding: "utf8" });
  if (status !== 0) faults.push(stdout);
  return faults;
}
