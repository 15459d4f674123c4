/** Authorities of the environment beside those of the option. Node reads the environment when it starts. */
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { rolldown } from "rolldown";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { httpsServer, selfSigned, type Identity, type Local } from "./local-servers.ts";

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
// Node 20 tells nobody what it trusts by default.
const oldest = here("../../../../tools/runtimes/node_modules/node20/bin/node");
const nodes = [process.execPath, ...(existsSync(oldest) ? [oldest] : [])];

let folder: string;
let byEnvironment: Identity;
let byOption: Identity;
const servers: Local[] = [];

const file = async (name: string, text: string): Promise<string> => {
  const path = join(folder, name);
  await writeFile(path, text);
  return path;
};

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "ksmkit-authorities-"));
  const bundle = await rolldown({
    input: here("programs/get.ts"),
    platform: "node",
    transform: { target: "es2022" },
    resolve: { conditionNames: ["ksmkit-source", "node"] },
  });
  await bundle.write({ file: join(folder, "get.mjs"), format: "es", codeSplitting: false });
  await bundle.close();
  // Subjects of their own: a chain is looked for by subject.
  byEnvironment = await selfSigned(["environment.example", "localhost"]);
  byOption = await selfSigned(["option.example", "localhost"]);
  const byNobody = await selfSigned(["nobody.example", "localhost"]);
  for (const identity of [byEnvironment, byOption, byNobody]) {
    servers.push(await httpsServer(identity, (_request, response) => response.end("ok")));
  }
});
afterAll(async () => {
  for (const server of servers) await server[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

async function outcomes(node: string, extra: string): Promise<unknown> {
  const urls = servers.map(({ port }) => `https://localhost:${port}/`);
  const args = [join(folder, "get.mjs"), await file("ca.pem", byOption.cert), ...urls];
  const env = { ...process.env, NODE_OPTIONS: "", NODE_EXTRA_CA_CERTS: extra };
  const { stdout } = await promisify(execFile)(node, args, { env });
  return JSON.parse(stdout);
}

describe.each(nodes.map((path, index) => [["this Node", "Node 20"][index], path]))("on %s", (_name, node) => {
  it("trusts NODE_EXTRA_CA_CERTS and ca, and nobody else", async () => {
    const other = await selfSigned(["other.example"]);
    const extra = await file("extra.pem", `# two\n${other.cert}\n\n${byEnvironment.cert}\n`);
    expect(await outcomes(node, extra)).toEqual([200, 200, "ERR_HTTP_TLS"]);
  });

  it("trusts ca where the environment's file is missing or holds none", async () => {
    expect(await outcomes(node, join(folder, "missing.pem"))).toEqual(["ERR_HTTP_TLS", 200, "ERR_HTTP_TLS"]);
    expect(await outcomes(node, await file("text.pem", "no certificate"))).toEqual([
      "ERR_HTTP_TLS",
      200,
      "ERR_HTTP_TLS",
    ]);
    expect(await outcomes(node, "")).toEqual(["ERR_HTTP_TLS", 200, "ERR_HTTP_TLS"]);
  });

  it("passes over what is damaged in the environment's file", async () => {
    const damaged = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
    const [first, ...rest] = (await outcomes(
      node,
      await file("damaged.pem", `${byEnvironment.cert}\n${damaged}`),
    )) as unknown[];
    expect([200, "ERR_HTTP_TLS"]).toContain(first);
    expect(rest).toEqual([200, "ERR_HTTP_TLS"]);
  });
});
