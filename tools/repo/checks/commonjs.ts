/**
 * `@ksmkit/compat` as its tarball installs it, where the official package is used: `require()` and `import` in one
 * process, Jest, and TypeScript projects that compile to CommonJS.
 */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../workspace.ts";
import { consumer } from "./tarballs.ts";

const folder = join(consumer, "commonjs");
const node20 = join(root, "tools/runtimes/node_modules/node20/bin/node");

/** One state: what either entry changes is changed for the other. */
const oneState = `
const assert = require("node:assert/strict");
const required = require("@ksmkit/compat");
void import("@ksmkit/compat").then((imported) => {
  const names = Object.keys(imported).filter((name) => name !== "default" && name !== "module.exports");
  assert.deepEqual(names.sort(), Object.keys(required).sort());
  for (const name of names) assert.equal(imported[name], required[name], name);
  for (const { connectPlatform } of [required, imported]) {
    const own = { ...required.platform };
    connectPlatform(own);
    assert.equal(required.platform, own);
    assert.equal(imported.platform, own);
  }
});
`;

const jestTest = `
const ksm = require("@ksmkit/compat");

test("a storage takes a token", async () => {
  const storage = ksm.inMemoryStorage({});
  await ksm.initializeStorage(storage, "US:" + "A".repeat(43));
  expect(await storage.getString("hostname")).toBe("keepersecurity.com");
  expect(await storage.getBytes("privateKey")).toHaveLength(138);
  expect(await ksm.getClientId("A".repeat(43))).toBe(await storage.getString("clientId"));
});

test("a query is sealed and an answer opened", async () => {
  const storage = ksm.inMemoryStorage({});
  await ksm.initializeStorage(storage, "US:" + "A".repeat(43));
  const queryFunction = async (url, transmissionKey, payload) => {
    expect(url).toContain("keepersecurity.com");
    expect(payload.payload.length).toBeGreaterThan(0);
    const text = new TextEncoder().encode(JSON.stringify({ records: [], folders: [] }));
    const data = await ksm.platform.encryptWithKey(text, transmissionKey.key);
    return { statusCode: 200, headers: [], data };
  };
  storage.saveString("clientKey", "");
  await storage.saveBytes("appKey", ksm.platform.getRandomBytes(32));
  const { records } = await ksm.getSecrets({ storage, queryFunction });
  expect(records).toEqual([]);
});

test("functions can be replaced", () => {
  jest.spyOn(ksm, "getSecrets").mockResolvedValue({ records: [] });
  expect(ksm.getSecrets({})).resolves.toEqual({ records: [] });
});
`;

const program = `
import { getSecrets, inMemoryStorage, initializeStorage, KeeperRecordLink, type SecretManagerOptions } from "@ksmkit/compat";

export async function titles(token: string): Promise<string[]> {
  const options: SecretManagerOptions = { storage: inMemoryStorage({}) };
  await initializeStorage(options.storage, token);
  const { records } = await getSecrets(options);
  return records.map(({ data }) => String(data.title));
}
export const linkClass: typeof KeeperRecordLink = KeeperRecordLink;
// @ts-expect-error -- not of this type: the declarations were found
export const misuse = (): unknown => getSecrets(1);
`;

/** Options of the two kinds of project, and the compilers that know them. */
const projects: readonly { name: string; compilers: readonly string[]; compilerOptions: object }[] = [
  { name: "commonjs", compilers: ["5.7", "7.0"], compilerOptions: { module: "commonjs" } },
  { name: "node16", compilers: ["5.7", "7.0"], compilerOptions: { module: "node16" } },
];

function run(program: string, args: readonly string[]): string[] {
  const { status, stdout, stderr } = spawnSync(program, args, { cwd: folder, encoding: "utf8" });
  return status === 0 ? [] : [`${args.join(" ")}\n${stdout}${stderr}`];
}

function compile(): string[] {
  writeFileSync(join(folder, "program.ts"), program);
  writeFileSync(join(folder, "module.mts"), program);
  return projects.flatMap(({ name, compilers, compilerOptions }) => {
    const options = {
      target: "ES2022",
      strict: true,
      types: ["node"],
      outDir: `out-${name}`,
      ...compilerOptions,
    };
    const include = name.startsWith("node") ? ["program.ts", "module.mts"] : ["program.ts"];
    writeFileSync(
      join(folder, `tsconfig.${name}.json`),
      JSON.stringify({ compilerOptions: options, include }),
    );
    return compilers.flatMap((version) => {
      const compiler = join(root, `tools/types/node_modules/typescript-${version}/bin/tsc`);
      const found = run(process.execPath, [compiler, "-p", `tsconfig.${name}.json`]);
      // What was compiled must load, too.
      return found.length > 0 ? found : run(process.execPath, [`out-${name}/program.js`]);
    });
  });
}

/** What does not work; the tarballs must have been laid out before. */
export function checkCommonJs(): string[] {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(join(folder, "node_modules/@types"), { recursive: true });
  symlinkSync(join(root, "node_modules/@types/node"), join(folder, "node_modules/@types/node"), "junction");
  writeFileSync(join(folder, "package.json"), JSON.stringify({ private: true, jest: { rootDir: "." } }));
  writeFileSync(join(folder, "state.cjs"), oneState);
  writeFileSync(join(folder, "compat.test.js"), jestTest);
  const nodes = [process.execPath, ...(existsSync(node20) ? [node20] : [])];
  const jest = join(import.meta.dirname, "../node_modules/jest/bin/jest.js");
  return [
    ...nodes.flatMap((node) => run(node, ["state.cjs"])),
    ...run(nodes.at(-1) ?? process.execPath, [jest, "--ci", "--watchman=false"]),
    ...compile(),
  ];
}
