import { describe, expect, it } from "vitest";
import {
  defineRecordType,
  record,
  recordFromArguments,
  recordTypeNames,
  slot,
  typeFile,
  TypeRegistry,
  type RecordType,
  type SlotDefinition,
} from "../../src/index.ts";
import { placedProblemsOf, problemsOf } from "../support/failure.ts";

function typesFile(...data: unknown[]): object {
  return { version: "v3", kind: "KeeperRecordType", data };
}

function exported(content: unknown): object {
  return { recordTypeId: 7, content: JSON.stringify(content) };
}

describe("TypeRegistry", () => {
  it("lists the standard types, then its own", () => {
    const registry = new TypeRegistry().define(
      defineRecordType("badge", { accountNumber: slot("accountNumber") }),
    );
    expect(registry.list()).toEqual([...recordTypeNames(), "badge"]);
    expect(registry.list()).toHaveLength(27);
    expect(registry.list({ includeUnverified: true })).toHaveLength(32);
    expect(new TypeRegistry().list()).toHaveLength(26);
    expect(registry.find("badge")?.standing).toBe("custom");
    expect(registry.find("Badge")).toBeUndefined();
  });

  it("lets what a vault says replace a type that is known from secondary sources", () => {
    const registry = new TypeRegistry();
    registry.loadData(exported({ $id: "wifiCredentials", fields: [{ $ref: "text", label: "SSID" }] }));
    expect(registry.find("wifiCredentials")?.slots).toHaveLength(1);
    expect(
      registry.list({ includeUnverified: true }).filter((name) => name === "wifiCredentials"),
    ).toHaveLength(1);
  });

  it("reads a Commander export", () => {
    const registry = new TypeRegistry();
    const content = {
      $id: "Keeper VPN - Azure Login",
      description: "ignored",
      fields: [
        { $ref: "login", label: "AZURE user", required: true },
        {
          $ref: "password",
          enforceGeneration: true,
          complexity: { length: 8, digits: 8, novel: true },
          privacyScreen: false,
        },
        { $ref: "text" },
        { $ref: "text" },
      ],
    };
    const [type] = registry.loadData([exported(content)]);
    expect(type?.slots.map(({ key }) => key)).toEqual(["azureUser", "password", "text", "text2"]);
    const built = recordFromArguments(
      "Keeper VPN - Azure Login",
      { title: "T", args: ["text=a", "text=b"] },
      { registry },
    );
    expect(built.fields.map(({ value }) => value[0])).toEqual([
      undefined,
      expect.stringMatching(/^\d{8}$/),
      "a",
      "b",
    ]);
    expect(built.fields[1]).not.toHaveProperty("complexity");
  });

  it("adds all types of a file or none", async () => {
    const registry = new TypeRegistry();
    registry.loadData(typesFile({ name: "mine", fields: [] }));
    const before = registry.list();
    const bad = typesFile(
      { name: "fine", fields: [{ type: "text" }] },
      { name: "login", fields: [] },
      { name: "mine" },
      { name: "fine" },
      { fields: {} },
      { name: "worse", fields: [{ type: "phoneItem" }, 5, { type: "text", label: {}, required: "perhaps" }] },
      {
        name: "worst",
        fields: [
          {
            type: "password",
            enforce_generation: "sometimes",
            complexity: { length: "many", filter_characters: 1 },
          },
        ],
      },
    );
    expect(await problemsOf(() => registry.loadData(bad))).toEqual([
      "RECORD_TYPE_MISSING data[4].name",
      "FIELDS_NOT_ARRAY data[4].fields",
      "UNKNOWN_FIELD_TYPE data[5].fields[0].type",
      "FIELD_NOT_OBJECT data[5].fields[1]",
      "INVALID_VALUE data[5].fields[2].label",
      "INVALID_BOOLEAN data[5].fields[2].required",
      "ENFORCE_GENERATION_NOT_BOOLEAN data[6].fields[0].enforce_generation",
      "COMPLEXITY_INVALID data[6].fields[0].complexity.length",
      "COMPLEXITY_INVALID data[6].fields[0].complexity.filter_characters",
      "RECORD_TYPE_DUPLICATE data[1].name",
      "RECORD_TYPE_DUPLICATE data[2].name",
      "RECORD_TYPE_DUPLICATE data[3].name",
    ]);
    expect(registry.list()).toEqual(before);
  });

  it("says where in a text each problem is", async () => {
    const text =
      "version: v3\nkind: KeeperRecordType\ndata:\n  - name: login\n    fields:\n      - {type: text, required: maybe}\n";
    expect(await placedProblemsOf(() => new TypeRegistry().load(text, "yaml"))).toEqual([
      "INVALID_BOOLEAN 6:32",
      "RECORD_TYPE_DUPLICATE 4:11",
    ]);
  });

  it.each<[string, unknown, string[]]>([
    ["nothing", undefined, ["FILE_NOT_OBJECT"]],
    ["a text", "x", ["FILE_NOT_OBJECT"]],
    ["an empty list", [], ["RECORD_TYPE_FILE_UNRECOGNISED"]],
    ["a list of texts", ["x"], ["RECORD_TYPE_FILE_UNRECOGNISED"]],
    ["neither form", { kind: null, recordTypeId: null }, ["RECORD_TYPE_FILE_UNRECOGNISED"]],
    ["a list of the helper's form", [typesFile()], ["FILE_NOT_OBJECT"]],
    ["a record file", { version: "v3", kind: "KeeperRecord", data: [] }, ["KIND_INVALID kind"]],
    ["no version", { kind: "KeeperRecordType", data: [] }, ["VERSION_MISSING version"]],
    ["no data", { kind: "KeeperRecordType", version: "v3" }, ["DATA_MISSING data"]],
    ["an export without content", { recordTypeId: 1 }, ["COMMANDER_CONTENT_MISSING content"]],
    ["an export of no JSON", { recordTypeId: 1, content: "{" }, ["INVALID_JSON content"]],
    ["an export of a list", { recordTypeId: 1, content: "[]" }, ["INVALID_JSON content"]],
    ["an export without a name", exported({ fields: [] }), ["RECORD_TYPE_MISSING content.$id"]],
    [
      "an export of unknown fields",
      exported({ $id: "x", fields: [{ $ref: "json" }, {}] }),
      ["UNKNOWN_FIELD_TYPE content.fields[0].$ref", "UNKNOWN_FIELD_TYPE content.fields[1].$ref"],
    ],
    [
      "later entries that are none",
      [exported({ $id: "x", fields: [] }), 5, {}],
      [
        "ITEM_NOT_OBJECT [1]",
        "COMMANDER_RECORD_TYPE_ID_MISSING [2].recordTypeId",
        "COMMANDER_CONTENT_MISSING [2].content",
      ],
    ],
  ])("refuses %s", async (_, data, problems) => {
    const registry = new TypeRegistry();
    expect(await problemsOf(() => registry.loadData(data))).toEqual(problems);
    expect(registry.list()).toHaveLength(26);
  });

  it("refuses to define twice, and what is no type", async () => {
    const registry = new TypeRegistry().define(defineRecordType("badge", {}));
    expect(await problemsOf(() => registry.define(defineRecordType("badge", {})))).toEqual([
      "RECORD_TYPE_DUPLICATE",
    ]);
    expect(await problemsOf(() => registry.define(defineRecordType("login", {})))).toEqual([
      "RECORD_TYPE_DUPLICATE",
    ]);
    expect(await problemsOf(() => registry.define({ name: "x" } as RecordType))).toEqual([
      "ARGUMENT_INVALID",
    ]);
  });

  it("keeps registries apart", () => {
    new TypeRegistry().define(defineRecordType("badge", {}));
    expect(new TypeRegistry().find("badge")).toBeUndefined();
  });
});

describe("defineRecordType", () => {
  const serviceAccount = defineRecordType("serviceAccount", {
    login: slot("login", { required: true }),
    token: slot("secret", { privacyScreen: true }),
    password: slot("password", { enforceGeneration: true, complexity: { length: 10 } }),
  });

  it("labels a slot by its key where that is not the type", () => {
    const built = record(serviceAccount, { title: "T", fields: { login: "bot", token: "t" } });
    expect(built).toEqual({
      type: "serviceAccount",
      title: "T",
      fields: [
        { type: "login", value: ["bot"], required: true },
        { type: "secret", label: "token", value: ["t"], privacyScreen: true },
        { type: "password", value: [expect.stringMatching(/^.{10}$/)] },
      ],
      custom: [],
    });
  });

  it("writes a type file that is read back the same", () => {
    const [again] = new TypeRegistry().loadData(JSON.parse(JSON.stringify(typeFile([serviceAccount]))));
    expect(typeFile(again ? [again] : [])).toEqual(typeFile([serviceAccount]));
    expect(typeFile([serviceAccount]).data[0]?.class).toBe("Serviceaccount");
  });

  it("lists everything that is wrong", async () => {
    const slots = {
      "0": slot("text"),
      a: slot("text", { label: "Same label" }),
      b: slot("text", { label: "same-LABEL" }),
      c: { type: "texts", required: false, options: {} } as unknown as SlotDefinition,
      d: slot("password", { complexity: { length: -1 } }),
    };
    expect(await problemsOf(() => defineRecordType("", slots))).toEqual([
      "RECORD_TYPE_MISSING name",
      'ARGUMENT_INVALID slots["0"]',
      "FIELD_NOT_UNIQUE slots.b",
      "UNKNOWN_FIELD_TYPE slots.c.type",
      "COMPLEXITY_INVALID slots.d.complexity.length",
    ]);
    expect(
      await problemsOf(() =>
        defineRecordType("x", undefined as unknown as object as Record<string, SlotDefinition>),
      ),
    ).toEqual(["ARGUMENT_INVALID slots"]);
  });
});

it("type files keep text that looks like a number", async () => {
  const registry = new TypeRegistry();
  const complexity = { length: "20", digits: 2, filter_characters: "01" };
  const data = [{ name: "x", fields: [{ type: "password", complexity }] }];
  const types = registry.loadData({ version: "v3", kind: "KeeperRecordType", data });
  const written = typeFile(types);
  expect(written.data[0]?.fields[0]?.complexity).toEqual({ length: 20, digits: 2, filter_characters: "01" });
  expect(new TypeRegistry().loadData(written)).toHaveLength(1);
});
