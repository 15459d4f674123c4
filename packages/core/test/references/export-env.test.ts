import { spawnSync } from "node:child_process";
import { inspect } from "node:util";
import type { SeedRecord, Vault } from "@ksmkit/emulator";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { exportEnv, type EnvSources, type ExportEnvOptions } from "../../src/references/export-env.ts";
import type { SecretsManager } from "../../src/client/secrets-manager.ts";
import { EnvError } from "../../src/errors/errors.ts";
import { formatEnv } from "../../src/references/model/env-format.ts";
import { localClient, startLocalVault } from "../client/local-client.ts";

let vault: Vault;
let manager: SecretsManager;
const added: string[] = [];

beforeAll(async () => {
  vault = await startLocalVault();
  manager = localClient(vault);
  await manager.bind();
});
afterEach(async () => {
  for (const uid of added.splice(0)) await vault.owner.removeRecord(uid);
});
afterAll(() => vault.close());

async function add(record: Partial<SeedRecord>): Promise<string> {
  const uid = await vault.owner.addRecord({ type: "login", title: "Added", ...record });
  added.push(uid);
  return uid;
}

/** The refused variables, as `name reason: sources`. */
async function refusals(sources: EnvSources, options: ExportEnvOptions = {}): Promise<string[]> {
  const error = await exportEnv(manager, sources, options).catch((thrown: unknown) => thrown);
  if (!(error instanceof EnvError)) throw error;
  expect(error.code).toBe("ERR_KSM_ENV_REFUSED");
  return error.problems.map(({ name, reason, sources: from }) => `${name} ${reason}: ${from.join(" + ")}`);
}

describe("exportEnv", () => {
  it("makes variables of references and whole records with one request", async () => {
    const before = vault.log.length;
    const { variables, origins, freshness } = await exportEnv(manager, {
      variables: {
        DB_PASSWORD: "keeper://Orders database/field/password",
        DB_HOST: { title: "Orders database", field: "host" },
        URLS: "keeper://Web shop/field/url[]",
        CODES: { title: "Web shop", file: "recovery-codes.txt" },
        lower_Case: "keeper://Web shop/title",
      },
      records: ["Shared directly", { title: "Web shop", prefix: "SHOP_" }],
    });
    expect(vault.log.slice(before).map(({ endpoint }) => endpoint)).toEqual(["get_secret", "download"]);
    expect(variables).toEqual({
      DB_PASSWORD: "p0stgres-orders",
      DB_HOST: '{"hostName":"orders.db.example.com","port":"5432"}',
      URLS: '["https://shop.example.com","https://shop.example.com/admin"]',
      CODES: "11111-22222\n33333-44444\n",
      lower_Case: "Web shop",
      LOGIN: "direct",
      PASSWORD: "no folder",
      SHOP_LOGIN: "anna@example.com",
      SHOP_PASSWORD: "correct horse battery staple",
      SHOP_ONE_TIME_CODE: expect.stringContaining("otpauth://totp/"),
      SHOP_API_REGION: "eu-central",
      SHOP_SUPPORT_PIN: "4711",
    });
    expect(origins.map(({ name }) => name)).toEqual(Object.keys(variables));
    expect(origins[0]?.source).toBe("keeper://Orders database/field/password");
    expect(origins.at(-1)?.source).toBe('field "Support PIN" of record "Web shop"');
    expect(freshness).toMatchObject({ source: "service" });
    for (const shown of [
      inspect(variables),
      JSON.stringify(variables),
      inspect(origins),
      JSON.stringify(origins),
    ]) {
      expect(shown).not.toMatch(/anna|p0stgres|4711/);
    }
  });

  it("gives what a child process can be started with", async () => {
    const { variables } = await exportEnv(manager, { records: ["Shared directly"] });
    const { stdout } = spawnSync(process.execPath, ["-p", "`${process.env.LOGIN} ${process.env.toJSON}`"], {
      env: variables,
      encoding: "utf8",
    });
    expect(stdout).toBe("direct undefined\n");
    expect(formatEnv(variables, "shell")).toBe("export LOGIN='direct'\nexport PASSWORD='no folder'\n");
  });

  it("leaves out what has no value, and files", async () => {
    const uid = await add({
      fields: [
        { type: "login", value: [] },
        { type: "password", value: [""] },
        { type: "name", value: [{ first: "", last: "" }] },
        { type: "fileRef", value: ["AAAAAAAAAAAAAAAAAAAAAA"] },
        { type: "checkbox", value: [false] },
        { type: "date", value: [0] },
      ],
      custom: [{ type: "text", label: "", value: ["typed"] }],
      notes: "not a field",
    });
    expect((await exportEnv(manager, { records: [uid] })).variables).toEqual({
      CHECKBOX: "false",
      DATE: "0",
      TEXT: "typed",
    });
  });

  it("asks nothing for nothing", async () => {
    const before = vault.log.length;
    expect(await exportEnv(manager, {})).toEqual({ variables: {}, origins: [], freshness: undefined });
    expect(vault.log).toHaveLength(before);
  });
});

describe("refused variables", () => {
  it("are told all at once, with both ends of a collision", async () => {
    const uid = await add({
      title: "Bad",
      fields: [
        { type: "text", label: "Path", value: ["/evil"] },
        { type: "text", label: "node options", value: ["--require=evil"] },
        { type: "text", label: "🔐", value: ["x"] },
        { type: "text", label: "Login", value: ["two"] },
      ],
      custom: [{ type: "text", label: "nul", value: ["a\0b"] }],
    });
    expect(
      await refusals({ variables: { NUL: "keeper://Web shop/type" }, records: ["Shared directly", uid] }),
    ).toEqual([
      'NUL name-from-label: keeper://Web shop/type + field "nul" of record "Bad"',
      'NUL collision: keeper://Web shop/type + field "nul" of record "Bad"',
      'NUL value-invalid: keeper://Web shop/type + field "nul" of record "Bad"',
      'LOGIN collision: field "login" of record "Shared directly" + field "Login" of record "Bad"',
      'PATH name-dangerous: field "Path" of record "Bad"',
      'NODE_OPTIONS name-dangerous: field "node options" of record "Bad"',
      ' name-empty: field "🔐" of record "Bad"',
    ]);
    await expect(exportEnv(manager, { records: [uid] })).rejects.not.toThrow(/evil/);
  });

  it("take a prefix, or an explicit permission", async () => {
    const uid = await add({ fields: [{ type: "text", label: "Path", value: ["/opt"] }] });
    expect((await exportEnv(manager, { records: [uid] }, { prefix: "APP_" })).variables).toEqual({
      APP_PATH: "/opt",
    });
    expect((await exportEnv(manager, { records: [uid] }, { allow: ["PATH"] })).variables).toEqual({
      PATH: "/opt",
    });
    expect(await refusals({ records: [uid] }, { allow: ["Path", "OTHER"] })).toHaveLength(1);
  });

  it("are found by name before anything is asked", async () => {
    const before = vault.log.length;
    expect(
      await refusals({ variables: { "A-B": "x", "1A": "x", LD_PRELOAD: "x", Path: "x", FINE: "x" } }),
    ).toEqual([
      // Whole numbers aside, the order given.
      "A-B name-invalid: given by the caller",
      "1A name-invalid: given by the caller",
      "LD_PRELOAD name-dangerous: given by the caller",
      "Path name-dangerous: given by the caller",
    ]);
    expect(vault.log).toHaveLength(before);
  });

  it("hold no value", async () => {
    const uid = await add({ fields: { login: "hunter2", text: "hunter2\0" } });
    const error = await exportEnv(manager, { records: [uid, "Shared directly"] }).catch(
      (thrown: unknown) => thrown,
    );
    expect(error).toBeInstanceOf(EnvError);
    expect(inspect(error, { depth: null, showHidden: true })).not.toMatch(/hunter2|direct"/);
  });
});

describe("references and records without a value", () => {
  it("are told all at once", async () => {
    const binary = await add({ title: "Binary", files: [{ name: "b", base64: "/w==" }] });
    await expect(
      exportEnv(manager, {
        variables: {
          A: "keeper://Nobody/type",
          B: "Web shop",
          C: { uid: binary, file: "b" },
          D: "keeper://Web shop/type",
        },
        records: [
          "Nobody",
          "keeper://Web shop/type",
          { title: "Web shop", field: "login" } as never,
          { uid: "x" },
          null as never,
        ],
      }),
    ).rejects.toMatchObject({
      code: "ERR_KSM_RESOLVE_INCOMPLETE",
      problems: [
        { name: "A", code: "ERR_KSM_NOTATION_RECORD_NOT_FOUND" },
        { name: "B", code: "ERR_KSM_ARGUMENT_INVALID" },
        { name: "C", code: "ERR_KSM_FILE_NOT_TEXT" },
        { name: "records[0]", code: "ERR_KSM_RECORD_NOT_FOUND" },
        { name: "records[1]", code: "ERR_KSM_ARGUMENT_INVALID" },
        { name: "records[2]", code: "ERR_KSM_ARGUMENT_INVALID" },
        { name: "records[3]", code: "ERR_KSM_ARGUMENT_INVALID" },
        { name: "records[4]", code: "ERR_KSM_ARGUMENT_INVALID" },
      ],
    });
  });
});

describe("arguments", () => {
  it.each([
    [{ records: "Web shop" }, {}],
    [{ variables: ["Web shop"] }, {}],
    [{}, { allow: "PATH" }],
    [{ records: ["Web shop"] }, { prefix: "1-" }],
    [{ records: [{ title: "Web shop", prefix: 7 }] }, {}],
  ])("are checked: %j %j", async (sources, options) => {
    await expect(exportEnv(manager, sources as never, options as never)).rejects.toMatchObject({
      code: "ERR_KSM_ARGUMENT_INVALID",
    });
  });
});
