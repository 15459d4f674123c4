/** The names that exported variables get from labels: which are refused, and how the advice of the error helps. */
import type { SeedRecord, Vault } from "@ksmkit/emulator";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { exportEnv, type EnvSources, type ExportEnvOptions } from "../../src/references/export-env.ts";
import type { SecretsEditor } from "../../src/client/secrets-editor.ts";
import { EnvError } from "../../src/errors/errors.ts";
import { isDangerousEnvName } from "../../src/references/model/env-name.ts";
import { localClient, startLocalVault } from "../client/local-client.ts";

let vault: Vault;
let manager: SecretsEditor;
const added: string[] = [];

beforeAll(async () => {
  vault = await startLocalVault();
  manager = localClient(vault);
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

async function refusals(sources: EnvSources, options?: ExportEnvOptions): Promise<readonly string[]> {
  const error = await exportEnv(manager, sources, options).catch((thrown: unknown) => thrown);
  if (!(error instanceof EnvError)) throw new Error("nothing was refused", { cause: error });
  return error.problems.map(({ name, reason }) => `${name} ${reason}`);
}

async function namesOf(sources: EnvSources, options?: ExportEnvOptions): Promise<readonly string[]> {
  return Object.keys((await exportEnv(manager, sources, options)).variables);
}

describe("labels of a record that others may edit", () => {
  const custom = {
    "GIT CONFIG COUNT": "1",
    "GIT CONFIG KEY 0": "core.fsmonitor",
    "GIT CONFIG VALUE 0": "touch /tmp/x; false",
    "HTTPS proxy": "http://evil.example:8080",
    "SSL cert file": "/tmp/x",
    "OPENSSL CONF": "/tmp/y",
    npm_config_script_shell: "/tmp/evil",
    "npm config registry": "https://evil.example",
    "dotnet startup hooks": "/tmp/e.dll",
    HOME: "/tmp/h",
  };

  it("do not set up the programs of the child, whatever is said of labels", async () => {
    const uid = await add({ custom });
    const refused = [
      "GIT_CONFIG_COUNT",
      "GIT_CONFIG_KEY_0",
      "GIT_CONFIG_VALUE_0",
      "HTTPS_PROXY",
      "SSL_CERT_FILE",
      "OPENSSL_CONF",
      "NPM_CONFIG_SCRIPT_SHELL",
      "NPM_CONFIG_REGISTRY",
      "DOTNET_STARTUP_HOOKS",
      "HOME",
    ].map((name) => `${name} name-dangerous`);
    expect(await refusals({ records: [uid] })).toEqual(refused);
    expect(await refusals({ records: [uid] }, { trustLabels: true })).toEqual(refused);
    expect(await namesOf({ records: [{ uid, prefix: "APP_" }] })).toContain("APP_GIT_CONFIG_COUNT");
  });

  it("do not set up the clients of the vault either, whatever the case, the prefix or the kind of source", async () => {
    const uid = await add({
      custom: { "KSM skip verify": "true", ksmHostname: "evil.example", ksm_config: "e30" },
    });
    const refused = ["KSM_SKIP_VERIFY", "KSM_HOSTNAME", "KSM_CONFIG"].map((name) => `${name} name-dangerous`);
    expect(await refusals({ records: [uid] }, { trustLabels: true })).toEqual(refused);
    expect(await refusals({ records: [{ uid, trustLabels: true }] })).toEqual(refused);
    expect(await refusals({ records: [{ uid, prefix: "KSM_" }] })).toEqual(
      refused.map((fault) => fault.replace("KSM_", "KSM_KSM_")),
    );
    const plain = await add({ custom: { token: "t", config: "e30" } });
    for (const prefix of ["KSM_", "ksm_", "Ksm_"])
      expect(await refusals({ records: [{ uid: plain, prefix }] })).toEqual([
        `${prefix}TOKEN name-dangerous`,
        `${prefix}CONFIG name-dangerous`,
      ]);
    const byCaller = { variables: { ksm_skip_verify: { uid: plain, customField: "token" } } } as const;
    expect(await refusals(byCaller)).toEqual(["ksm_skip_verify name-dangerous"]);
    expect(await namesOf(byCaller, { allow: ["ksm_skip_verify"] })).toEqual(["ksm_skip_verify"]);
    expect(await namesOf({ records: [{ uid, prefix: "SHOP_" }] })).toContain("SHOP_KSM_CONFIG");
  });

  it.each(
    (
      "git_ssh http_proxy all_proxy No_Proxy SSL_CERT_DIR REQUESTS_CA_BUNDLE EDITOR VISUAL PAGER SSH_ASKPASS " +
      "GCONV_PATH CLASSPATH BASH_ENV ENV IFS PS4 PROMPT_COMMAND NODE_ENV PYTHONWARNINGS RUBYSHELL PERL5DB JAVA_HOME " +
      "JDK_X BUN_CONFIG_REGISTRY LD_AUDIT DYLD_X XDG_CONFIG_HOME CORECLR_PROFILER COMPlus_X _JAVA_OPTIONS"
    ).split(" "),
  )("%s is dangerous", (name) => expect(isDangerousEnvName(name)).toBe(true));

  it("name variables only with a prefix, a list of names, or trust; standard fields always do", async () => {
    const uid = await add({
      fields: { login: "anna", password: "pw", oneTimeCode: "otpauth://totp/x?secret=AAAA" },
      custom: { DATABASE_URL: "postgres://x", Email: "anna@example.com" },
    });
    const standard = ["LOGIN", "PASSWORD", "ONE_TIME_CODE"];
    const all = [...standard, "DATABASE_URL", "EMAIL"];
    expect(await refusals({ records: [uid] })).toEqual(["DATABASE_URL name-from-label"]);
    expect(await refusals({ records: [{ uid, prefix: "" }] }, { prefix: "" })).toHaveLength(1);
    expect(await namesOf({ records: [uid] }, { allow: ["DATABASE_URL"] })).toEqual(all);
    expect(await namesOf({ records: [uid] }, { trustLabels: true })).toEqual(all);
    expect(await namesOf({ records: [{ uid, trustLabels: true }] })).toEqual(all);
    expect(
      await namesOf({
        records: [{ uid, skip: ["DATABASE_URL"] }],
        variables: { URL: { uid, customField: "DATABASE_URL" } },
      }),
    ).toEqual(["URL", ...standard, "EMAIL"]);
    expect(await refusals({ records: [{ uid, trustLabels: false }] }, { trustLabels: true })).toHaveLength(1);
    expect(await namesOf({ records: [uid] }, { prefix: "X_" })).toEqual(all.map((name) => `X_${name}`));
    await expect(exportEnv(manager, { records: [uid] })).rejects.toThrow(
      /prefix.+variables.+allow.+trustLabels/,
    );
  });

  it("name no variable through an unknown field type either", async () => {
    const uid = await add({ fields: [{ type: "databaseUrl", value: ["x"] }] });
    expect(await refusals({ records: [uid] })).toEqual(["DATABASE_URL name-from-label"]);
  });
});

describe("one field that cannot be named does not spoil the export, once the advice is followed", () => {
  it("a custom field of the name of a standard one", async () => {
    const uid = await add({
      title: "Collide",
      fields: { login: "anna", password: "pw" },
      custom: { Password: "two" },
    });
    const { message } = (await exportEnv(manager, { records: [uid] }).catch(
      (thrown: unknown) => thrown,
    )) as EnvError;
    expect(message).toMatch(/map all but one .+ in variables, or leave them out with skip/);
    expect(message).not.toContain("prefix");
    for (const password of [
      "keeper://Collide/field/password",
      { uid, field: "password" },
      { uid, field: "password", all: true },
    ] as const) {
      const mapped = await exportEnv(manager, { records: [uid], variables: { DB_PASSWORD: password } });
      expect(mapped.variables).toEqual({
        DB_PASSWORD: typeof password !== "string" && "all" in password ? '["pw"]' : "pw",
        LOGIN: "anna",
        PASSWORD: "two",
      });
    }
    for (const other of [
      "keeper://Collide/custom_field/Password",
      { uid, customField: "Password" },
    ] as const) {
      const mapped = await exportEnv(manager, { records: [uid], variables: { OTHER: other } });
      expect(mapped.variables).toEqual({ OTHER: "two", LOGIN: "anna", PASSWORD: "pw" });
    }
    // The same name for the mapped one: whoever maps a field says what it is called.
    const same = { PASSWORD: "keeper://Collide/field/password" };
    expect(await refusals({ records: [uid], variables: same })).toEqual(["PASSWORD collision"]);
    const { variables } = await exportEnv(manager, {
      records: [{ uid, skip: ["Password"] }],
      variables: same,
    });
    expect(variables).toEqual({ PASSWORD: "pw", LOGIN: "anna" });
    expect((await exportEnv(manager, { records: [{ uid, skip: ["password"] }] })).variables).toEqual({
      LOGIN: "anna",
      PASSWORD: "two",
    });
  });

  it("several fields of one label", async () => {
    const custom = [1, 2, 3].map((n) => ({ type: "text", label: "Key", value: [`${n}`] }));
    const uid = await add({ fields: { login: "anna" }, custom });
    expect(await refusals({ records: [{ uid, trustLabels: true }] })).toEqual(["KEY collision"]);
    expect(await namesOf({ records: [{ uid, skip: ["Key"] }] })).toEqual(["LOGIN"]);
    const first = { uid, customField: "Key" };
    expect(
      (await exportEnv(manager, { records: [{ uid, skip: ["Key"] }], variables: { KEY: first } })).variables,
    ).toEqual({ KEY: "1", LOGIN: "anna" });
  });

  it("fields of two records", async () => {
    const one = await add({ fields: { login: "anna" } });
    const two = await add({ fields: { login: "berta" } });
    await expect(exportEnv(manager, { records: [one, two] })).rejects.toThrow(/give a record a prefix/);
    expect(await namesOf({ records: [one, { uid: two, prefix: "TWO_" }] })).toEqual(["LOGIN", "TWO_LOGIN"]);
    expect(
      await namesOf({ records: [one, two], variables: { OTHER: { uid: two, field: "login" } } }),
    ).toEqual(["OTHER", "LOGIN"]);
  });

  it("a label of another script", async () => {
    const uid = await add({ title: "Other script", fields: { login: "anna" }, custom: { пароль: "x" } });
    const { message } = (await exportEnv(manager, { records: [uid] }).catch(
      (thrown: unknown) => thrown,
    )) as EnvError;
    expect(message).toMatch(
      /map the field to a name in variables, or leave it out with skip \(field "пароль"/,
    );
    for (const field of [
      "keeper://Other script/custom_field/пароль",
      { uid, customField: "пароль" },
    ] as const) {
      const { variables } = await exportEnv(manager, { records: [uid], variables: { PAROL: field } });
      expect(variables).toEqual({ PAROL: "x", LOGIN: "anna" });
    }
    expect(await namesOf({ records: [{ uid, skip: ["пароль"] }] })).toEqual(["LOGIN"]);
  });

  it.each([
    [{ records: [{ title: "Web shop", skip: "Password" }] }, {}],
    [{ records: [{ title: "Web shop", skip: [7] }] }, {}],
    [{ records: [{ title: "Web shop", trustLabels: "yes" }] }, {}],
    [{ records: ["Web shop"] }, { trustLabels: 1 }],
  ])("options are checked: %j %j", async (sources, options) => {
    await expect(exportEnv(manager, sources as never, options as never)).rejects.toMatchObject({
      code: "ERR_KSM_ARGUMENT_INVALID",
    });
  });
});
