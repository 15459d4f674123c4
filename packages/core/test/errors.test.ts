import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import * as core from "../src/index.ts";

const read = (path: string): string => readFileSync(new URL(path, import.meta.url), "utf8");
const listed = [...read("../src/errors/codes.ts").matchAll(/\| "(ERR_\w+)"/g)].map(([, code]) => code);

describe("error codes", () => {
  it("stand in the README, one row each, in the order of the list", () => {
    const rows = [...read("../README.md").matchAll(/^\| `(ERR_\w+)` +\| .+ \| .+ \|$/gm)].map(
      ([, code]) => code,
    );
    expect(rows).toEqual(listed);
  });

  it("are unique and named by area", () => {
    expect(new Set(listed).size).toBe(listed.length);
    for (const code of listed) expect(code).toMatch(/^ERR_KSM_[A-Z]+(?:_[A-Z]+)*$/);
  });
});

describe("error classes", () => {
  const classes = Object.entries(core).filter(([name]) => name.endsWith("Error"));

  it("are all exported and all KeeperErrors", () => {
    expect(classes.length).toBeGreaterThan(10);
    for (const [, value] of classes)
      expect((value as typeof core.KeeperError).prototype).toBeInstanceOf(Error);
  });

  it("are recognised across copies of the package", () => {
    expect(core.KeeperError.isInstance(new core.TokenError("ERR_KSM_TOKEN_INVALID", "x"))).toBe(true);
    expect(core.KeeperError.isInstance(new Error("x"))).toBe(false);
  });

  it("carry their own name", () => {
    expect(new core.TokenError("ERR_KSM_TOKEN_INVALID", "x").name).toBe("TokenError");
    expect(new core.ThrottledError("x", 11_000)).toMatchObject({
      name: "ThrottledError",
      code: "ERR_KSM_THROTTLED",
      retryable: true,
      retryAfterMs: 11_000,
    });
  });
});
