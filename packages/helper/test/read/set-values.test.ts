import { describe, expect, it } from "vitest";
import { generate, readRecord, recordFromArguments, TypeRegistry } from "../../src/index.ts";

describe("values set on a view", () => {
  it("follow the complexity of the stored field, else of the slot", () => {
    const registry = new TypeRegistry();
    const complexity = { length: 16, caps: 4, lowercase: 4, digits: 8, special: 0 };
    const data = [{ name: "pinned", fields: [{ type: "password", complexity }] }];
    registry.loadData({ version: "v3", kind: "KeeperRecordType", data });
    const made = recordFromArguments("pinned", { title: "t", args: [] }, { registry });
    const bare = { ...made, fields: [{ type: "password", value: [] }] };
    const view = readRecord(bare, undefined, { registry });
    view.set("password", generate());
    expect(view.field("password")?.value).toMatch(/^[A-Za-z0-9]{16}$/);
    const stored = {
      ...made,
      fields: [{ type: "password", value: [], complexity: { length: 12, digits: 12 } }],
    };
    const other = readRecord(stored);
    other.field("password")?.set(generate());
    expect(other.field("password")?.value).toMatch(/^\d{12}$/);
  });

  it("are stored as they were read", () => {
    for (const text of ['["a","b"]', "[]", " [1]"]) {
      const view = readRecord({
        type: "login",
        title: "t",
        fields: [{ type: "login", value: [text] }],
        custom: [],
      });
      view.field("login")?.set(view.field("login")?.value);
      expect(view.toData().fields).toEqual([{ type: "login", value: [text] }]);
    }
  });
});
