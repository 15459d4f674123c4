/** The libraries that people validate with, the real ones: what they check goes into the builder, typed. */
import { type } from "arktype";
import * as v from "valibot";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { record, type RecordData } from "../../src/index.ts";
import { validateWith, recordSchema } from "../../src/schema/index.ts";
import { failureOf } from "../support/failure.ts";

const schemas = {
  zod: z.object({
    title: z.string(),
    fields: z.object({ login: z.string(), url: z.array(z.string()) }),
  }),
  valibot: v.object({
    title: v.string(),
    fields: v.object({ login: v.string(), url: v.array(v.string()) }),
  }),
  arktype: type({ title: "string", fields: { login: "string", url: "string[]" } }),
};
const input = { title: "Mail", fields: { login: "ann", url: ["https://a.example"] } };

/** Each call is written out, because each library has types of its own. */
const build: Record<keyof typeof schemas, (value: unknown) => Promise<RecordData<"login">>> = {
  zod: async (value) => record("login", await validateWith(schemas.zod, value)),
  valibot: async (value) => record("login", await validateWith(schemas.valibot, value)),
  arktype: async (value) => record("login", await validateWith(schemas.arktype, value)),
};

describe.each(Object.keys(schemas) as (keyof typeof schemas)[])("%s", (library) => {
  it("checks what the builder takes", async () => {
    expect(await build[library](input)).toEqual(record("login", input));
  });

  it("has its issues listed with their places", async () => {
    const { code, problems } = await failureOf(() =>
      build[library]({ title: 5, fields: { login: "ann", url: [7] } }),
    );
    expect(code).toBe("ERR_HELPER_SCHEMA_MISMATCH");
    expect(problems.map(({ path }) => path).toSorted()).toEqual(["fields.url[0]", "title"]);
  });
});

it("our schema works where zod's does", async () => {
  const result = await recordSchema("login")["~standard"].validate({ title: "Mail", fields: { host: "h" } });
  expect(result.issues).toMatchObject([{ path: ["fields", "host"] }]);
});
