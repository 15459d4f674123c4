import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";

const root = fileURLToPath(new URL("../../../../", import.meta.url));
const source = JSON.stringify(fileURLToPath(new URL("../../src/index.ts", import.meta.url)));

/** What the compiler of this repository, TypeScript 7, prints for a program. */
async function compile(program: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "ksmkit-typos-"));
  try {
    await writeFile(join(folder, "program.mts"), program);
    const options = {
      extends: join(root, "tsconfig.base.json"),
      files: ["program.mts"],
      compilerOptions: { types: [], skipLibCheck: true },
    };
    await writeFile(join(folder, "tsconfig.json"), JSON.stringify(options));
    const tsc = join(root, "node_modules/typescript/bin/tsc");
    return await new Promise((resolve) => {
      execFile(process.execPath, [tsc, "-p", folder, "--pretty", "false"], (_, stdout) => resolve(stdout));
    });
  } finally {
    await rm(folder, { recursive: true });
  }
}

it("the compiler suggests the slot for a misspelt one, of a standard or a custom type", async () => {
  const output = await compile(`
    import { defineRecordType, record, slot } from ${source};
    record("login", { title: "T", fields: { logn: "ann" } });
    record("pamMachine", { title: "T", fields: { pamHostname: { hostName: "h" }, operatingsystem: "x" } });
    const vpn = defineRecordType("vpn", { login: slot("login"), token: slot("secret") });
    record(vpn, { title: "T", fields: { tokn: "x" } });
    record("login", { titel: "T" });
  `);
  const errors = output.split("\n").filter((line) => line.includes("program.mts("));
  expect(errors).toHaveLength(4);
  for (const [index, name] of ["login", "operatingSystem", "token", "title"].entries())
    expect(errors[index]).toContain(`Did you mean to write '${name}'?`);
}, 30_000);
