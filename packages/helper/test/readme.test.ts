/** The examples of the README run, each in a process and a folder of its own, as a reader would try them. */
import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, it } from "vitest";

const packageFolder = fileURLToPath(new URL("../", import.meta.url));
const readme = await readFile(join(packageFolder, "README.md"), "utf8");
const examples = Array.from(readme.matchAll(/^```ts\n(.*?)^```$/gms), ([, code = ""]) => code);

/** What the examples only declare, or expect on disk. */
const declared = `
globalThis.data = {
  type: "pamMachine",
  title: "Web server",
  fields: [{ type: "text", label: "Operating System", value: ["linux"] }],
  custom: [{ type: "text", label: "Cost centre", value: ["42"] }],
};
const value = { title: "Mail", fields: { login: "ann" } };
globalThis.Login = { "~standard": { version: 1, vendor: "a reader's", validate: () => ({ value }) } };
`;
const recordFile = `
version: v3
kind: KeeperRecord
data:
  - recordType: login
    title: Mail
    fields: [{ type: login, value: ann }, { type: password }]
`;
const typeFile = `
version: v3
kind: KeeperRecordType
data:
  - name: vpn
    fields: [{ type: host, required: true }]
`;

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "ksmkit-readme-"));
  await mkdir(join(folder, "node_modules/@ksmkit"), { recursive: true });
  await symlink(packageFolder, join(folder, "node_modules/@ksmkit/helper"), "junction");
  await mkdir(join(folder, "record-types"));
  await writeFile(join(folder, "record-types/vpn.yaml"), typeFile);
  await writeFile(join(folder, "records.yaml"), recordFile);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Runs code in the folder; gives what it printed. */
async function run(code: string): Promise<{ stdout: string; stderr: string }> {
  const args = ["--conditions=ksmkit-source", "--input-type=module-typescript", "--eval", declared + code];
  return promisify(execFile)(process.execPath, args, { cwd: folder, timeout: 20_000 });
}

it.each(examples.map((code, index) => [index + 1, code] as const))("example %i runs", async (_, code) => {
  const { stderr } = await run(code);
  expect(stderr).toBe("");
});

it.each<[string, string, unknown]>([
  ["const mail =", "mail", { title: "Mail", custom: [{ label: "Cost centre", value: ["42"] }] }],
  ["const registry =", "registry.list().slice(-2)", ["serviceAccount", "vpn"]],
  ["const registry =", "failures", []],
  ["const view =", "view.get('operatingSystem')", "linux"],
  ["const changed =", "changed", { custom: [{ value: ["43"] }] }],
])("the example with %s: %s is what the text says", async (part, expression, expected) => {
  const code = examples.find((each) => each.includes(part)) ?? "";
  const { stdout } = await run(`${code}\nconsole.log(JSON.stringify({ result: ${expression} }));`);
  expect(JSON.parse(stdout)).toMatchObject({ result: expected });
});
