import { inspect } from "node:util";
import { getValue, type KeeperSecrets } from "@keeper-security/secrets-manager-core";
import type { Vault } from "@ksmkit/emulator";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { resolve } from "../../src/references/resolve.ts";
import type { SecretsManager } from "../../src/client/secrets-manager.ts";
import { ResolveError } from "../../src/errors/errors.ts";
import { getLinks } from "../../src/links/record-link.ts";
import { KsmRecord } from "../../src/records/ksm-record.ts";
import { Secret } from "../../src/records/secret.ts";
import type { Reference } from "../../src/references/model/reference.ts";
import { localClient, startLocalVault } from "../client/local-client.ts";

let vault: Vault;
let manager: SecretsManager;
const uids = new Map<string, string>();
const uid = (title: string): string => uids.get(title) ?? "";
const unknownUid = "AAAAAAAAAAAAAAAAAAAAAA";

beforeAll(async () => {
  vault = await startLocalVault();
  manager = localClient(vault);
  for (const record of (await manager.getSecrets()).records) uids.set(record.title ?? "", record.uid);
});
afterAll(() => vault.close());
afterEach(() => vault.faults.clear());

/** What `action` asked the vault for: `ENDPOINT` for everything, `ENDPOINT n` for n records. */
async function requestsOf<T>(action: () => Promise<T>): Promise<[requests: string[], result: T]> {
  const before = vault.log.length;
  const result = await action();
  const requests = vault.log.slice(before).map(({ endpoint, payload }) => {
    const asked = payload?.["requestedRecords"];
    return Array.isArray(asked) ? `${endpoint} ${asked.length}` : endpoint;
  });
  return [requests, result];
}

/** The problems that `action` fails with, as `name code`. */
async function problemsOf(references: Record<string, Reference>): Promise<string[]> {
  const error = await resolve(manager, references).catch((thrown: unknown) => thrown);
  if (!(error instanceof ResolveError)) throw error;
  expect(error.code).toBe("ERR_KSM_RESOLVE_INCOMPLETE");
  for (const { name, message } of error.problems.slice(0, 10))
    expect(error.message).toContain(`${name}: ${message}`);
  return error.problems.map(({ name, code }) => `${name} ${code}`);
}

describe("requests", () => {
  it("asks once, for the distinct uids, however many references there are", async () => {
    const shop = uid("Web shop");
    const [requests, values] = await requestsOf(() =>
      resolve(manager, {
        login: `keeper://${shop}/field/login`,
        again: { uid: shop, field: "login" },
        record: shop,
        host: `keeper://${uid("Orders database")}/field/host[0][hostName]`,
      }),
    );
    expect(requests).toEqual(["get_secret 2"]);
    expect(values).toMatchObject({
      login: "anna@example.com",
      again: "anna@example.com",
      host: "orders.db.example.com",
    });
    expect(Object.keys(values)).toEqual(["login", "again", "record", "host"]);
  });

  it("reads everything once as soon as a title is among them", async () => {
    const [requests, values] = await requestsOf(() =>
      resolve(manager, { a: `keeper://${uid("Web shop")}/type`, b: "keeper://Orders database/type" }),
    );
    expect(requests).toEqual(["get_secret"]);
    expect(values).toEqual({ a: "login", b: "databaseCredentials" });
  });

  it("asks nothing when there is nothing to ask", async () => {
    expect(await requestsOf(() => resolve(manager, {}))).toEqual([[], {}]);
    expect(await requestsOf(() => problemsOf({ a: "keeper://x", b: {} as never }))).toEqual([
      [],
      ["a ERR_KSM_NOTATION_INVALID", "b ERR_KSM_ARGUMENT_INVALID"],
    ]);
  });

  it("takes a text in the form of a uid that nobody has for a title, with one more request", async () => {
    const title = "production-database-01";
    const added = await vault.owner.addRecord({ type: "login", title, fields: { login: "root" } });
    const [requests, values] = await requestsOf(() =>
      resolve(manager, { login: `keeper://${title}/field/login`, record: title }),
    );
    expect(requests).toEqual(["get_secret 1", "get_secret"]);
    expect(values.login).toBe("root");
    expect(values.record.uid).toBe(added);
    expect(await requestsOf(() => problemsOf({ record: { uid: title } }))).toEqual([
      ["get_secret 1"],
      ["record ERR_KSM_RECORD_NOT_FOUND"],
    ]);
    await vault.owner.removeRecord(added);
  });

  it("resolves 1 000 references over 200 records with one request, as the vendor's SDK reads them", async () => {
    await using large = await startLocalVault({ generate: 200, generateSeed: 7 });
    const asked: unknown[] = [];
    const client = localClient(large, {
      middleware: (call, next) => {
        asked.push(call.payload["requestedRecords"]);
        return next(call);
      },
    });
    const { records } = await client.getSecrets();
    const references: Record<string, string> = {};
    for (const record of records) {
      const names = record.fields.map(({ label, type }) => String(label || type));
      for (let i = 0; i < 5; i++) {
        const name = names[i];
        references[`${record.uid}-${i}`] = name
          ? `keeper://${record.uid}/field/${name}[]`
          : `keeper://${record.uid}/title`;
      }
    }
    expect(Object.keys(references)).toHaveLength(1000);
    const before = large.log.length;
    const { values, problems } = await resolve(client, references, { partial: true });
    expect(large.log.slice(before).map(({ endpoint }) => endpoint)).toEqual(["get_secret"]);
    expect(asked.at(-1)).toEqual(records.map((record) => record.uid));

    const secrets = {
      records: records.map(({ uid: recordUid, data }) => ({ recordUid, data })),
    } as unknown as KeeperSecrets;
    const ambiguous = new Set(problems.map(({ name }) => name));
    for (const { code } of problems) expect(code).toBe("ERR_KSM_NOTATION_FIELD_AMBIGUOUS");
    expect(ambiguous.size).toBeLessThan(100);
    for (const [name, reference] of Object.entries(references)) {
      if (ambiguous.has(name)) continue;
      const theirs: unknown = getValue(secrets, reference);
      const texts = (theirs as unknown[]).map?.((each) =>
        typeof each === "string" ? each : JSON.stringify(each),
      );
      expect(values[name]).toEqual(texts ?? theirs);
    }
  });

  it("downloads a file once, and gives every reference its own bytes", async () => {
    const [requests, values] = await requestsOf(() =>
      resolve(manager, {
        a: "keeper://Web shop/file/recovery-codes.txt",
        b: { title: "Web shop", file: "Recovery codes" },
      }),
    );
    expect(requests).toEqual(["get_secret", "download"]);
    expect(new TextDecoder().decode(values.a)).toBe("11111-22222\n33333-44444\n");
    expect(values.b).toEqual(values.a);
    values.a.fill(0);
    expect(values.b[0]).toBe(0x31);
  });
});

describe("values", () => {
  it("gives one value of a notation, or all where it says []", async () => {
    const added = await vault.owner.addRecord({
      type: "login",
      title: "Two addresses",
      fields: { url: ["https://a.example", "https://b.example"], login: [] },
    });
    expect(
      await resolve(manager, {
        first: "keeper://Two addresses/field/url",
        second: "keeper://Two addresses/field/url[1]",
        all: "keeper://Two addresses/field/url[]",
        none: "keeper://Two addresses/field/login[]",
        object: "keeper://Orders database/field/host",
        packed: { notation: Buffer.from("Two addresses/field/url[1]").toString("base64url") },
        unschemed: { notation: "Two addresses/title" },
      }),
    ).toEqual({
      first: "https://a.example",
      second: "https://b.example",
      all: ["https://a.example", "https://b.example"],
      none: [],
      object: '{"hostName":"orders.db.example.com","port":"5432"}',
      packed: "https://b.example",
      unschemed: "Two addresses",
    });
    await vault.owner.removeRecord(added);
  });

  it("gives fields as they are stored, and records", async () => {
    const values = await resolve(manager, {
      host: { title: "Orders database", field: "host" },
      urls: { title: "Web shop", field: "url", all: true },
      record: { title: "Web shop" },
      byTitle: "Web shop",
    });
    expect(values.host.port).toBe("5432");
    expect(values.urls.length).toBeGreaterThan(0);
    expect(values.record).toBeInstanceOf(KsmRecord);
    expect(values.byTitle).toBe(values.record);
  });

  it("brings the links of records when asked", async () => {
    const reference = { machine: { title: "Payroll machine" } } as const;
    expect(getLinks((await resolve(manager, reference)).machine)).toEqual([]);
    expect(getLinks((await resolve(manager, reference, { links: true })).machine)).toHaveLength(4);
  });

  it("takes a record that is shared several times for one", async () => {
    const reference = {
      a: "keeper://Shared everywhere/type",
      b: `keeper://${uid("Shared everywhere")}/title`,
    };
    expect(await resolve(manager, reference)).toEqual({ a: expect.any(String), b: "Shared everywhere" });
  });

  it("makes everything text on request", async () => {
    expect(
      await resolve(
        manager,
        {
          file: { title: "Web shop", file: "recovery-codes.txt" },
          host: { title: "Orders database", field: "host" },
          list: "keeper://Web shop/field/login[]",
        },
        { text: true },
      ),
    ).toEqual({
      file: "11111-22222\n33333-44444\n",
      host: '{"hostName":"orders.db.example.com","port":"5432"}',
      list: '["anna@example.com"]',
    });
  });

  it("wraps everything but records on request", async () => {
    const values = await resolve(
      manager,
      {
        login: "keeper://Web shop/field/login",
        file: { title: "Web shop", file: "recovery-codes.txt" },
        host: { title: "Orders database", field: "host" },
        record: "Web shop",
      },
      { secret: true },
    );
    expect(values.login).toBeInstanceOf(Secret);
    expect(values.login.use((text) => text)).toBe("anna@example.com");
    expect(values.host.use(({ port }) => port)).toBe("5432");
    expect(values.record.title).toBe("Web shop");
    const bytes = values.file.use((held) => held);
    values.file.dispose();
    expect(bytes.every((byte) => byte === 0)).toBe(true);
  });

  it("prints as names only, and copies as an ordinary object", async () => {
    const values = await resolve(manager, {
      login: "keeper://Web shop/field/login",
      ["__proto__"]: "keeper://Web shop/type",
    });
    for (const text of [inspect(values), JSON.stringify(values)]) {
      expect(text).toContain("login");
      expect(text).not.toContain("anna");
    }
    expect(JSON.stringify({ ...values })).toBe('{"login":"anna@example.com","__proto__":"login"}');
    expect(await problemsOf({ toJSON: "Web shop" })).toEqual(["toJSON ERR_KSM_ARGUMENT_INVALID"]);
  });

  it("tells who answered", async () => {
    const { freshness } = await resolve(manager, { a: "keeper://Web shop/type" }, { partial: true });
    expect(freshness).toMatchObject({ source: "service", ageMs: 0 });
    expect((await resolve(manager, {}, { partial: true })).freshness).toBeUndefined();
  });
});

describe("problems", () => {
  it("come all at once, in the order given, each with its code", async () => {
    const twins = await Promise.all(
      [1, 2].map(() => vault.owner.addRecord({ type: "login", title: "Twin", fields: { password: [] } })),
    );
    const [twin = ""] = twins;
    expect(
      await problemsOf({
        grammar: "keeper://Web shop/secret/login",
        missing: `keeper://${unknownUid}/type`,
        missingRecord: { uid: unknownUid },
        fine: "keeper://Web shop/type",
        noTitle: "No such title",
        twin: "keeper://Twin/type",
        twinRecord: { title: "Twin" },
        noField: "keeper://Web shop/field/none",
        noStored: { title: "Web shop", field: "none" },
        empty: `keeper://${twin}/field/password`,
        emptyStored: { uid: twin, field: "password" },
        noNotes: `keeper://${twin}/notes`,
        bounds: "keeper://Web shop/field/login[4]",
        property: "keeper://Orders database/field/host[0][none]",
        noFile: { title: "Web shop", file: "none" },
        noFiles: "keeper://Orders database/file/none",
        two: { title: "Web shop", field: "login", file: "x" } as never,
        number: 7 as never,
        blank: "",
        member: { title: "Web shop", filed: "login" } as never,
        badUid: { uid: "short", field: "login" },
        both: { uid: twin, title: "Twin" } as never,
      }),
    ).toEqual([
      "grammar ERR_KSM_NOTATION_INVALID",
      "missing ERR_KSM_NOTATION_RECORD_NOT_FOUND",
      "missingRecord ERR_KSM_RECORD_NOT_FOUND",
      "noTitle ERR_KSM_RECORD_NOT_FOUND",
      "twin ERR_KSM_NOTATION_RECORD_AMBIGUOUS",
      "twinRecord ERR_KSM_RECORD_AMBIGUOUS",
      "noField ERR_KSM_NOTATION_FIELD_NOT_FOUND",
      "noStored ERR_KSM_FIELD_NOT_FOUND",
      "empty ERR_KSM_FIELD_EMPTY",
      "emptyStored ERR_KSM_FIELD_EMPTY",
      "noNotes ERR_KSM_FIELD_EMPTY",
      "bounds ERR_KSM_NOTATION_OUT_OF_BOUNDS",
      "property ERR_KSM_NOTATION_OUT_OF_BOUNDS",
      "noFile ERR_KSM_NOTATION_FILE_NOT_FOUND",
      "noFiles ERR_KSM_NOTATION_FILE_NOT_FOUND",
      "two ERR_KSM_ARGUMENT_INVALID",
      "number ERR_KSM_ARGUMENT_INVALID",
      "blank ERR_KSM_ARGUMENT_INVALID",
      "member ERR_KSM_ARGUMENT_INVALID",
      "badUid ERR_KSM_ARGUMENT_INVALID",
      "both ERR_KSM_ARGUMENT_INVALID",
    ]);
    for (const each of twins) await vault.owner.removeRecord(each);
  });

  it("leave the values of the others when partial results are wanted", async () => {
    const { values, problems } = await resolve(
      manager,
      { good: "keeper://Web shop/type", bad: "keeper://Nobody/type" },
      { partial: true },
    );
    expect(values).toEqual({ good: "login" });
    expect(problems).toEqual([
      {
        name: "bad",
        code: "ERR_KSM_NOTATION_RECORD_NOT_FOUND",
        message: expect.stringContaining("Nobody"),
        retryable: false,
      },
    ]);
  });

  it("tell a broken record from a missing one, and say that titles are unknown", async () => {
    const broken = uid("Build server");
    const corrupt = { kind: "corrupt", part: "recordData", uid: broken, times: "always" } as const;
    vault.faults.add(corrupt);
    expect(
      await problemsOf({ a: `keeper://${broken}/type`, b: { uid: broken }, c: { title: "Build server" } }),
    ).toEqual(["a ERR_KSM_RECORD_BROKEN", "b ERR_KSM_RECORD_BROKEN", "c ERR_KSM_RECORD_NOT_FOUND"]);
    await expect(resolve(manager, { c: "Build server" })).rejects.toThrow(
      "1 of the records could not be opened",
    );
    const [requests] = await requestsOf(() => problemsOf({ a: `keeper://${broken}/type` }));
    expect(requests).toEqual(["get_secret 1"]);
  });

  it("tell a broken file from a missing one", async () => {
    vault.faults.add({ kind: "corrupt", part: "fileKey" });
    expect(await problemsOf({ a: { title: "Web shop", file: "recovery-codes.txt" } })).toEqual([
      "a ERR_KSM_RECORD_BROKEN",
    ]);
  });

  it("name a file that cannot be fetched, and one that is no text", async () => {
    const reference = { a: { title: "Web shop", file: "recovery-codes.txt" }, b: "keeper://Web shop/type" };
    vault.faults.add({ kind: "garbage", endpoint: "download" });
    const { values, problems } = await resolve(manager, reference, { partial: true });
    expect(Object.keys(values)).toEqual(["b"]);
    expect(problems.map(({ code }) => code)).toEqual(["ERR_KSM_FILE_UNAVAILABLE"]);

    const added = await vault.owner.addRecord({
      type: "login",
      title: "Binary",
      files: [{ name: "b", base64: "/w==" }],
    });
    const text = resolve(
      manager,
      { a: { title: "Binary", file: "b" }, b: { title: "Binary" } },
      { text: true },
    );
    await expect(text).rejects.toMatchObject({
      problems: [{ code: "ERR_KSM_FILE_NOT_TEXT" }, { code: "ERR_KSM_ARGUMENT_INVALID" }],
    });
    await vault.owner.removeRecord(added);
  });

  it("never hold a value", async () => {
    const error = await resolve(manager, {
      a: "keeper://Web shop/field/login[7]",
      b: "keeper://Orders database/field/host[0][x]",
    }).catch((thrown: unknown) => thrown);
    expect(inspect(error, { depth: null, showHidden: true })).not.toMatch(/anna|orders\.db/);
  });

  it("shortens the message of a long list, never the list", async () => {
    const many = Object.fromEntries(Array.from({ length: 30 }, (_, i) => [`n${i}`, `keeper://no ${i}/type`]));
    await expect(resolve(manager, many)).rejects.toMatchObject({
      message: expect.stringContaining("20 more, see problems"),
      problems: expect.objectContaining({ length: 30 }),
    });
  });
});

describe("failures of the whole call", () => {
  it("are those of the client", async () => {
    vault.faults.add({ kind: "drop", when: "before", times: "always" });
    await expect(resolve(manager, { a: "Web shop" })).rejects.toMatchObject({
      code: "ERR_KSM_TRANSPORT_NETWORK",
    });
    await expect(resolve(manager, { a: "Web shop" }, { signal: AbortSignal.abort() })).rejects.toMatchObject({
      code: "ERR_KSM_ABORTED",
    });
    for (const wrong of [null, undefined, 7, "x", []]) {
      await expect(resolve(manager, wrong as never)).rejects.toMatchObject({
        code: "ERR_KSM_ARGUMENT_INVALID",
      });
    }
  });

  it("end downloads when the caller aborts", async () => {
    const controller = new AbortController();
    const source = {
      getSecrets: manager.getSecrets.bind(manager),
      downloadFile: (...[file, options]: Parameters<SecretsManager["downloadFile"]>) => {
        controller.abort();
        return manager.downloadFile(file, options);
      },
    };
    await expect(
      resolve(
        source,
        { a: { title: "Web shop", file: "recovery-codes.txt" } },
        { signal: controller.signal },
      ),
    ).rejects.toMatchObject({ code: "ERR_KSM_ABORTED" });
  });
});
