import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import {
  defineRecordType,
  field,
  generate,
  readRecord,
  record,
  recordFromArguments,
  slot,
  typeFile,
  TypeRegistry,
  type FieldData,
  type PasswordComplexity,
} from "../../src/index.ts";
import { problemsOf } from "../support/failure.ts";

const samples = 60;

function passwordOf({ fields }: { fields: readonly FieldData[] }): string {
  return String(fields.find(({ type }) => type === "password")?.value[0]);
}

/** Passwords made by the rules in each of the ways that code can state them. */
function passwordsOf(complexity: PasswordComplexity): string[] {
  return Array.from({ length: samples }, () => [
    passwordOf(record("login", { title: "T", fields: { password: generate(complexity) } })),
    passwordOf(record("login", { title: "T" }, { generatePasswords: true, complexity })),
    passwordOf(
      recordFromArguments("login", { title: "T", args: [] }, { generatePasswords: true, complexity }),
    ),
    String(field("password", generate(complexity)).value[0]),
  ]).flat();
}

const kinds = {
  lowercase: /[a-z]/g,
  uppercase: /[A-Z]/g,
  digits: /[0-9]/g,
  special: /[^a-zA-Z0-9]/g,
};

function countOf(text: string, kind: keyof typeof kinds): number {
  return text.match(kinds[kind])?.length ?? 0;
}

interface PasswordVector {
  id: string;
  input: Record<string, number | string | null>;
  expect: {
    recommended: {
      length?: number;
      classes?: Record<keyof typeof kinds, { min?: number; exact?: number }>;
      alphabet?: string;
    };
  };
}

// The table that core's generator follows; the special set and lengths that a record cannot have are left out.
const { cases } = JSON.parse(
  readFileSync(new URL("../../../core/test/vectors/ksm-password.json", import.meta.url), "utf8"),
) as { cases: PasswordVector[] };
const usable = cases.filter(
  ({ input, expect: { recommended } }) =>
    input["specialCharacterSet"] === null &&
    input["length"] !== null &&
    Number(input["length"]) >= 1 &&
    Number(input["length"]) <= 1024 &&
    recommended.classes !== undefined,
);

describe("password rules given in code", () => {
  it("cover the vendor's table", () => {
    expect(usable.length).toBeGreaterThan(10);
  });

  it.each(usable)("are those of the vendor's table: $id", ({ input, expect: { recommended } }) => {
    const { length, lowercase, uppercase, digits, specialCharacters } = input as Record<
      string,
      number | null
    >;
    const passwords = passwordsOf({
      length: length ?? undefined,
      lowercase: lowercase ?? undefined,
      caps: uppercase ?? undefined,
      digits: digits ?? undefined,
      special: specialCharacters ?? undefined,
    });
    for (const password of passwords) {
      expect(password).toHaveLength(Number(recommended.length));
      for (const [kind, { min, exact }] of Object.entries(recommended.classes ?? {})) {
        const count = countOf(password, kind as keyof typeof kinds);
        if (exact === undefined) expect(count).toBeGreaterThanOrEqual(min ?? 0);
        else expect(count).toBe(exact);
      }
      for (const char of password) expect(recommended.alphabet).toContain(char);
    }
  });

  it("mix all kinds beside the counted one", () => {
    for (const password of passwordsOf({ length: 64, digits: 2 })) {
      for (const kind of ["lowercase", "uppercase", "special"] as const)
        expect(countOf(password, kind)).toBeGreaterThan(0);
      expect(countOf(password, "digits")).toBeGreaterThanOrEqual(2);
    }
  });

  it("leave a kind with count 0 out, and hold a negative count exactly", () => {
    for (const password of passwordsOf({ length: 64, digits: 0, special: -3 })) {
      expect(countOf(password, "digits")).toBe(0);
      expect(countOf(password, "special")).toBe(3);
      expect(countOf(password, "lowercase")).toBeGreaterThan(0);
    }
  });
});

describe("password rules that are stored", () => {
  it.each<[PasswordComplexity, object]>([
    [{ length: 20 }, { length: 20, caps: 0, lowercase: 0, digits: 0, special: 0 }],
    [
      { length: 20, digits: 2 },
      { length: 20, caps: 1, lowercase: 1, digits: 2, special: 1 },
    ],
    [
      { length: 20, special: 0 },
      { length: 20, caps: 1, lowercase: 1, digits: 1, special: 0 },
    ],
    [
      { length: 20, caps: -2 },
      { length: 20, caps: -2, lowercase: 1, digits: 1, special: 1 },
    ],
    [
      { length: 3, digits: 2 },
      { length: 3, caps: 0, lowercase: 1, digits: 2, special: 0 },
    ],
    [
      { length: 2, digits: 4 },
      { length: 2, caps: 0, lowercase: 0, digits: 4, special: 0 },
    ],
  ])("%j keeps every kind for clients in which 0 excludes one", (complexity, stored) => {
    const made = field("password", undefined, { enforceGeneration: true, complexity });
    expect(made.complexity).toEqual({ ...stored, filter_characters: null });
    expect(String(made.value[0])).toHaveLength(Math.max(complexity.length ?? 64, complexity.digits ?? 0));
  });

  it("require no character of a kind that is filtered out", () => {
    const complexity = { length: 12, caps: 2, filterCharacters: "0123456789" };
    const made = field("password", undefined, { enforceGeneration: true, complexity });
    expect(made.complexity).toMatchObject({ caps: 2, lowercase: 1, digits: 0, special: 1 });
    expect(countOf(String(made.value[0]), "digits")).toBe(0);
  });

  it("mean the same in code, in a type file and in a record", () => {
    const vpn = defineRecordType("vpn", {
      password: slot("password", { enforceGeneration: true, complexity: { length: 40, digits: 2 } }),
    });
    const registry = new TypeRegistry();
    registry.loadData(typeFile([vpn]));
    const made = [
      record(vpn, { title: "T" }),
      recordFromArguments("vpn", { title: "T", args: [] }, { registry }),
    ];
    const view = readRecord({ ...made[0], custom: [] }, vpn);
    view.set("password", generate());
    for (const each of [...made, view.toData()]) {
      for (const kind of ["lowercase", "uppercase", "special"] as const)
        expect(countOf(passwordOf(each), kind)).toBeGreaterThan(0);
    }
  });

  it("of a file exclude the kinds that have no count, as the vault does", () => {
    const registry = new TypeRegistry();
    const data = [{ name: "pin", fields: [{ type: "password", complexity: { length: 6, digits: 6 } }] }];
    registry.loadData({ version: "v3", kind: "KeeperRecordType", data });
    const made = recordFromArguments("pin", { title: "T", args: [] }, { registry, generatePasswords: true });
    expect(passwordOf(made)).toMatch(/^\d{6}$/);
  });

  it("are refused when they cannot be met", async () => {
    const impossible = { length: 8, digits: 1, filterCharacters: "0123456789" };
    expect(await problemsOf(() => field("password", generate(impossible)))).toEqual([
      "COMPLEXITY_UNSATISFIABLE value",
    ]);
  });
});
