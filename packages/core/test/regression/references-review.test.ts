/** References that went wrong once: records that took over programs, hosts that held up all watches, lost values. */
import { parseEnv } from "node:util";
import { platformRandom } from "@ksmkit/common";
import type { SeedRecord, Vault } from "@ksmkit/emulator";
import { parse } from "dotenv";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { exportEnv, type EnvSources, type ExportEnvOptions } from "../../src/references/export-env.ts";
import type { SecretsEditor } from "../../src/client/secrets-editor.ts";
import { watch } from "../../src/references/watch.ts";
import { memoryStorage } from "../../src/config/storage.ts";
import { EnvError } from "../../src/errors/errors.ts";
import { formatEnv } from "../../src/references/model/env-format.ts";
import { isDangerousEnvName } from "../../src/references/model/env-name.ts";
import { localClient, startLocalVault } from "../client/local-client.ts";
import { Naps } from "../references/naps.ts";

let vault: Vault;
let config: string;
let manager: SecretsEditor;
const added: string[] = [];

beforeAll(async () => {
  vault = await startLocalVault();
  manager = localClient(vault);
  await manager.bind();
  config = await manager.exportConfig();
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

describe("dotenv values that end in a backslash", () => {
  it.each([
    { A: "p\\", B: "#secret" },
    { A: "tail\\", B: "\n-----BEGIN", C: "z" },
    { A: "C:\\Program Files\\", B: "it's", C: "`", D: '"#' },
    { A: "$HOME\\", B: "'#" },
  ])("leave the next one alone: %j", (variables) => {
    const text = formatEnv(variables, "dotenv");
    expect(parse(text)).toEqual(variables);
    expect({ ...parseEnv(text) }).toEqual(variables);
  });

  it.each(["#\\", " \\", "'\\", "a\n\\", '"\\'])("are refused where only quotes would do: %j", (value) => {
    expect(() => formatEnv({ A: value, B: "#secret" }, "dotenv")).toThrow(
      expect.objectContaining({ problems: [expect.objectContaining({ name: "A", reason: "format" })] }),
    );
  });
});

describe("a file host that never answers", () => {
  let naps: Naps;
  let watcher: SecretsEditor;
  /** Downloads under way: each goes on when it is let go. */
  let held: { readonly signal: AbortSignal | undefined; readonly letGo: () => void }[];
  let isHolding: boolean;
  const open: { stop(): void }[] = [];

  beforeEach(() => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] });
    naps = new Naps();
    held = [];
    isHolding = true;
    watcher = localClient(vault, {
      storage: memoryStorage(config),
      token: undefined,
      sleep: naps.sleep,
      random: (length) => (length === 1 ? Uint8Array.of(128) : platformRandom(length)),
      fetch: async (url, init) => {
        if (isHolding && !/\/api\/rest\//.test(url)) {
          await new Promise<void>((resolve, reject) => {
            const { signal } = init;
            signal?.addEventListener("abort", () => reject(signal.reason as Error), { once: true });
            held.push({ signal, letGo: resolve });
          });
        }
        return vault.fetch(url, init);
      },
    });
  });
  afterEach(() => {
    for (const watching of open.splice(0)) watching.stop();
    vi.useRealTimers();
  });

  function kept<W extends { stop(): void }>(watching: W): W {
    open.push(watching);
    return watching;
  }

  async function nextOf<U>(watching: AsyncIterable<U>): Promise<U> {
    const { value } = await watching[Symbol.asyncIterator]().next();
    if (value === undefined) throw new Error("the watch has ended");
    return value;
  }

  const rotate = (uid: string, password: string): Promise<unknown> =>
    manager.patchRecord(uid, (record) => record.setField("password", password));
  const unavailable = [{ name: "cert", code: "ERR_KSM_FILE_UNAVAILABLE" }];

  async function addBoth(): Promise<{ db: string; web: string }> {
    const db = await add({ fields: { login: "anna", password: "old" } });
    const web = await add({
      fields: { login: "anna", password: "old" },
      files: [{ name: "cert.pem", content: "one" }],
    });
    return { db, web };
  }

  it.each([
    [5000, 5000],
    [1000, 1000],
    [3_600_000, 30_000],
  ])("holds up no other watch, and is given up: interval %i ms, after %i ms", async (intervalMs, limitMs) => {
    const { db, web } = await addBoth();
    const password = kept(watch(watcher, { a: { uid: db, field: "password" } }, { intervalMs: 60_000 }));
    const cert = kept(watch(watcher, { cert: { uid: web, file: "cert.pem" } }, { intervalMs }));
    expect((await nextOf(password)).values).toEqual({ a: "old" });
    const told = nextOf(cert);
    for (const value of ["new", "newer"]) {
      await rotate(db, value);
      (await naps.next()).wake();
      expect((await nextOf(password)).values).toEqual({ a: value });
    }
    // One that begins meanwhile is not held up either.
    const late = kept(watch(watcher, { login: { uid: db, field: "login" } }));
    expect((await nextOf(late)).values).toEqual({ login: "anna" });
    expect(held).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(limitMs - 1);
    expect(held[0]?.signal?.aborted).toBe(false);
    await vi.advanceTimersByTimeAsync(1);
    expect(await told).toMatchObject({ values: undefined, problems: unavailable });
    isHolding = false;
    for (let nap = await naps.next(); ; nap = await naps.next()) {
      nap.wake();
      if (naps.pending === 0) break;
    }
    expect(await nextOf(cert)).toMatchObject({ values: { cert: expect.any(Uint8Array) }, problems: [] });
  });

  it("leaves the plain values of its own watch and the last good content", async () => {
    const { db, web } = await addBoth();
    isHolding = false;
    const references = {
      other: { uid: db, field: "password" },
      own: { uid: web, field: "password" },
      cert: { uid: web, file: "cert.pem" },
    } as const;
    const watching = kept(watch(watcher, references, { text: true }));
    expect((await nextOf(watching)).values).toEqual({ other: "old", own: "old", cert: "one" });
    isHolding = true;
    await replaceCert(web, "two");
    await rotate(web, "new");
    await rotate(db, "new");
    (await naps.next()).wake();
    expect(await nextOf(watching)).toMatchObject({
      values: { other: "new", own: "old", cert: "one" },
      changed: ["other"],
      problems: [],
    });
    // Those of the file's own record belong together, as long as there is hope.
    await vi.advanceTimersByTimeAsync(30_000);
    expect(await nextOf(watching)).toMatchObject({
      values: { other: "new", own: "new", cert: "one" },
      changed: ["own"],
      problems: unavailable,
    });
    await rotate(db, "newer");
    (await naps.next()).wake();
    expect(await nextOf(watching)).toMatchObject({ changed: ["other"], problems: unavailable });
    isHolding = false;
    held.at(-1)?.letGo();
    expect(await nextOf(watching)).toMatchObject({
      values: { other: "newer", own: "new", cert: "two" },
      changed: ["cert"],
      problems: [],
    });
  });

  it("gives way to the newest read when it answers late", async () => {
    const { web } = await addBoth();
    const references = {
      password: { uid: web, field: "password" },
      cert: { uid: web, file: "cert.pem" },
    } as const;
    const watching = kept(watch(watcher, references, { text: true }));
    const told = nextOf(watching);
    const nap = await naps.next();
    await vi.waitUntil(() => held.length === 1);
    await replaceCert(web, "two");
    await rotate(web, "new");
    nap.wake();
    await naps.next();
    expect(held).toHaveLength(1);
    isHolding = false;
    held[0]?.letGo();
    expect(await told).toMatchObject({
      values: { password: "new", cert: "two" },
      changed: ["password", "cert"],
    });
  });

  it("is let go of when its watch ends, though others go on", async () => {
    const { db, web } = await addBoth();
    const password = kept(watch(watcher, { a: { uid: db, field: "password" } }));
    const cert = watch(watcher, { cert: { uid: web, file: "cert.pem" } });
    await nextOf(password);
    await vi.waitUntil(() => held.length === 1);
    cert.stop();
    await cert.ended;
    expect(held[0]?.signal?.aborted).toBe(true);
    await rotate(db, "new");
    (await naps.next()).wake();
    expect((await nextOf(password)).values).toEqual({ a: "new" });
  });

  async function replaceCert(uid: string, content: string): Promise<void> {
    const [old] = (await manager.getRecord(uid)).files;
    await manager.uploadFile(await manager.getRecord(uid), {
      name: "cert.pem",
      data: new TextEncoder().encode(content),
    });
    await manager.patchRecord(uid, () => {}, { removeFiles: old?.uid ?? "" });
  }
});
