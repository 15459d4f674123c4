import { expect, it, vi } from "vitest";
import type * as fieldTypes from "../../src/tables/field-type-table.ts";
import type * as recordTypes from "../../src/tables/record-type-table.ts";

const made = vi.hoisted(() => ({ recordTypes: 0, fieldTypes: 0 }));
vi.mock("../../src/tables/record-type-table.ts", async (original) => {
  const { recordTypeTable } = await original<typeof recordTypes>();
  return { recordTypeTable: () => (made.recordTypes++, recordTypeTable()) };
});
vi.mock("../../src/tables/field-type-table.ts", async (original) => {
  const { fieldTypeTable } = await original<typeof fieldTypes>();
  return { fieldTypeTable: () => (made.fieldTypes++, fieldTypeTable()) };
});

it("the tables are made when they are first used, and once", async () => {
  const { field, record } = await import("../../src/index.ts");
  await import("../../src/schema/index.ts");
  await import("../../src/node/index.ts");
  expect(made).toEqual({ recordTypes: 0, fieldTypes: 0 });
  field("text", "1");
  expect(made).toEqual({ recordTypes: 0, fieldTypes: 1 });
  record("login", { title: "T" });
  record("contact", { title: "T", fields: { name: {} } });
  expect(made).toEqual({ recordTypes: 1, fieldTypes: 1 });
});
