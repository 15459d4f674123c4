import { spawnSync } from "node:child_process";
import { parseEnv } from "node:util";
import { parse } from "dotenv";
import { array, assert, constantFrom, oneof as oneOf, property, string } from "fast-check";
import { describe, expect, it } from "vitest";
import { EnvError } from "../../src/errors/errors.ts";
import { formatEnv, type EnvFormat } from "../../src/references/model/env-format.ts";

const pem = `-----BEGIN PRIVATE KEY-----\n${"MIIEvQIBADANBgkqhkiG9w0BAQEFAASC\n".repeat(4)}-----END PRIVATE KEY-----\n`;
const values: Record<string, string> = {
  EMPTY: "",
  BARE: "a-Z_0.9/x:y@z%p+q,r",
  BLANKS: "  two  words  ",
  SINGLE: "it's",
  DOUBLE: 'say "hello"',
  BOTH: `it's "both"`,
  DOLLAR: "$HOME ${PATH} $(id) $$",
  BACKTICK: "`id`",
  BACKSLASH: String.raw`C:\new\table \\ \n`,
  LINES: "one\ntwo\n",
  CRLF: "one\r\ntwo\r\n",
  HASH: "before # after",
  HASH_FIRST: "#all",
  EQUALS: "a=b==",
  UNICODE: "Zürich 東京 🔐 \u2028",
  TAB: "a\tb",
  BANG: "!history !!",
  SEMICOLON: "a; rm -rf x & b | c > d",
  PEM: pem,
  JSON: '{"type":"service_account","key":"-----\\nabc\\n"}',
  LONG: "x y".repeat(22_000),
};

/** What `sh` has in its variables after reading the text. */
function readByShell(text: string): Record<string, string> {
  const program = `${text}\nexec "$NODE" -e 'process.stdout.write(JSON.stringify(process.env))'`;
  const { stdout, stderr, status } = spawnSync("sh", {
    input: program,
    env: { NODE: process.execPath },
    encoding: "utf8",
  });
  expect(`${status} ${stderr}`).toBe("0 ");
  const {
    NODE: _node,
    PWD: _pwd,
    OLDPWD: _old,
    SHLVL: _level,
    _: __,
    ...rest
  } = JSON.parse(stdout) as Record<string, string>;
  return rest;
}

describe("formatEnv", () => {
  it("writes what real parsers read back: dotenv", () => {
    const text = formatEnv(values, "dotenv");
    expect(parse(text)).toEqual(values);
    // Node has no way to read a carriage return.
    const { CRLF: _, ...others } = values;
    expect({ ...parseEnv(formatEnv(others, "dotenv")) }).toEqual(others);
  });

  it("writes what real parsers read back: shell", () => {
    // A single argument or variable of Linux takes 128 KiB.
    expect(readByShell(formatEnv(values, "shell"))).toEqual(values);
  });

  it("writes what real parsers read back: json", () => {
    expect(JSON.parse(formatEnv(values, "json"))).toEqual(values);
  });

  it("does so for any text, or refuses it", () => {
    const chunk = constantFrom(
      "'",
      '"',
      "`",
      "\\",
      "$",
      "{",
      "#",
      "=",
      " ",
      "\n",
      "\r",
      "n",
      "r",
      "a",
      "é",
      "🔐",
      "export ",
    );
    const text = array(chunk, { maxLength: 6 }).map((parts) => parts.join(""));
    const binary = string({ unit: "binary" }).map((value) => value.replaceAll("\0", ""));
    assert(
      // What a reader makes of one value may depend on the next one.
      property(array(oneOf(text, binary), { minLength: 1, maxLength: 4 }), (list) => {
        const accepted: Record<string, string> = {};
        for (const [at, value] of list.entries()) {
          try {
            formatEnv({ A: value }, "dotenv");
            accepted[`V${at}`] = value;
          } catch (error) {
            expect(error).toBeInstanceOf(EnvError);
            expect(value).toMatch(/["'`\\$\r]/);
          }
        }
        const written = formatEnv({ ...accepted, END: "end" }, "dotenv");
        expect(parse(written)).toEqual({ ...accepted, END: "end" });
        if (Object.values(accepted).some((value) => value.includes("\r"))) return;
        expect({ ...parseEnv(written) }).toEqual({ ...accepted, END: "end" });
      }),
      { numRuns: 5000 },
    );
  });

  it("has one line for each variable, in the order given", () => {
    const two = { B: "1", A: "it's" };
    expect(formatEnv(two, "dotenv")).toBe(`B=1\nA="it's"\n`);
    expect(formatEnv(two, "shell")).toBe(`export B='1'\nexport A='it'\\''s'\n`);
    expect(formatEnv(two, "json")).toBe('{\n  "B": "1",\n  "A": "it\'s"\n}\n');
    expect(formatEnv({}, "dotenv")).toBe("");
  });

  it.each<[EnvFormat, string, string, string]>([
    ["dotenv", "A B", "x", "name-invalid"],
    ["shell", "A;id;B", "x", "name-invalid"],
    ["shell", "A\nB", "x", "name-invalid"],
    ["json", "", "x", "name-invalid"],
    ["dotenv", "1A", "x", "name-invalid"],
    ["shell", "Ä", "x", "name-invalid"],
    ["shell", "A", "nul\0nul", "value-invalid"],
    ["json", "A", "nul\0nul", "value-invalid"],
    ["json", "A", 7 as never, "value-invalid"],
    ["dotenv", "A", "'\"`", "format"],
    ["dotenv", "A", "\r$", "format"],
  ])("refuses in %s: %j=%j", (format, name, value, reason) => {
    expect(() => formatEnv({ GOOD: "fine", [name]: value }, format)).toThrow(
      expect.objectContaining({
        code: "ERR_KSM_ENV_REFUSED",
        problems: [expect.objectContaining({ name, reason })],
      }),
    );
  });

  it("names every problem at once, and no value", () => {
    const error = (() => {
      try {
        return formatEnv({ "a b": "hunter2", C: "hunter2\0" }, "shell");
      } catch (thrown) {
        return thrown as EnvError;
      }
    })() as EnvError;
    expect(error.problems).toHaveLength(2);
    expect(JSON.stringify([error.message, error.problems])).not.toContain("hunter2");
  });

  it("refuses an unknown format", () => {
    for (const format of ["yaml", "toString", undefined]) {
      expect(() => formatEnv({}, format as never)).toThrow(
        expect.objectContaining({ code: "ERR_KSM_ARGUMENT_INVALID" }),
      );
    }
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
