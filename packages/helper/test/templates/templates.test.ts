import { describe, expect, it } from "vitest";
import {
  defineRecordType,
  fieldTemplate,
  fieldTypeNames,
  printTemplate,
  recordsFromText,
  recordTemplate,
  recordTypeNames,
  slot,
  TypeRegistry,
} from "../../src/index.ts";
import { readYaml } from "../../src/source/read-yaml.ts";
import { problemsOf } from "../support/failure.ts";

describe("templates", () => {
  it.each(recordTypeNames({ includeUnverified: true }))("%s: JSON and YAML say the same", async (name) => {
    const template = recordTemplate(name, { title: "T: # 'quoted'" });
    expect(JSON.parse(printTemplate(template, "json"))).toEqual(template);
    const document = await readYaml(printTemplate(template, "yaml"));
    const asText = JSON.parse(JSON.stringify(template), (_, value: unknown) =>
      typeof value === "number" || typeof value === "boolean" ? String(value) : value,
    );
    expect(document).toMatchObject({ value: asText });
  });

  it("is indented by four and ends its last line", () => {
    const text = printTemplate(recordTemplate("login"), "json");
    expect(text).toMatch(/^\{\n {4}"version": "v3",\n/);
    expect(text.endsWith("}\n")).toBe(true);
  });

  it("becomes the right record when it is filled in", async () => {
    const text = printTemplate(recordTemplate("pamMachine", { title: "Web", notes: "n" }), "yaml");
    const filled = text
      .replace(/(label: operatingSystem\n\s+value: ).*/, "$1linux")
      .replace(/(type: checkbox\n(?:.*\n)*?\s+value: ).*/, "$1true")
      .replace(/"<#ADD: .*>"/g, "");
    const [built] = await recordsFromText(filled, "yaml");
    expect(built?.fields.filter(({ value }) => value.length > 0)).toEqual([
      { type: "text", label: "operatingSystem", value: ["linux"] },
      { type: "checkbox", label: "sslVerification", value: [true] },
    ]);
  });

  it("shows every field type, and the keys in their places", () => {
    expect(fieldTypeNames().map((name) => fieldTemplate(name).type)).toEqual(fieldTypeNames());
    expect(Object.keys(fieldTemplate("pamSettings").value)).toEqual(["connection", "portForward"]);
    expect(fieldTemplate("address").value).toHaveProperty(
      "country",
      expect.stringMatching(/^<#ADD: AD \| AE \| .* \| ZW>$/),
    );
  });

  it("shows custom types, an array where several values are wanted", () => {
    const registry = new TypeRegistry().define(defineRecordType("badge", { number: slot("accountNumber") }));
    registry.loadData({
      version: "v3",
      kind: "KeeperRecordType",
      data: [
        {
          name: "list",
          fields: [
            { type: "url", allow_multiple: true },
            { type: "name", allow_multiple: true },
          ],
        },
      ],
    });
    expect(recordTemplate("badge", { registry }).data[0].fields).toEqual([
      {
        type: "accountNumber",
        label: "number",
        value: expect.stringContaining("<#ADD: "),
        privacyScreen: false,
      },
    ]);
    const [url, name] = recordTemplate("list", { registry }).data[0].fields;
    expect(url?.value).toEqual([expect.stringContaining("<#ADD: ")]);
    expect(Array.isArray(name?.value)).toBe(false);
  });

  it("refuses what there is not", async () => {
    expect(await problemsOf(() => recordTemplate("badge"))).toEqual(["RECORD_TYPE_UNKNOWN recordType"]);
    expect(await problemsOf(() => recordTemplate(""))).toEqual(["RECORD_TYPE_MISSING recordType"]);
    expect(await problemsOf(() => fieldTemplate("phoneItem"))).toEqual(["UNKNOWN_FIELD_TYPE type"]);
  });
});
