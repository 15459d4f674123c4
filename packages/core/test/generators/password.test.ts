import type { Random } from "@ksmkit/common";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { defaultSpecialSet, generatePassword, type PasswordRules } from "../../src/generators/index.ts";

/** A small generator (xorshift32), so that a failing case can be repeated. */
function seeded(seed: number): Random {
  let state = seed | 1;
  return (length) =>
    Uint8Array.from({ length }, () => {
      state ^= state << 13;
      state ^= state >>> 17;
      state ^= state << 5;
      return state & 0xff;
    });
}

const countIn = (password: string, set: string): number =>
  Array.from(password).filter((char) => set.includes(char)).length;
const sets = {
  lowercase: "abcdefghijklmnopqrstuvwxyz",
  uppercase: "ABCDEFGHIJKLMNOPQRSTUVWXYZ",
  digits: "0123456789",
  special: defaultSpecialSet,
};

describe("generatePassword", () => {
  it("has 32 characters by default, another password each time", () => {
    const passwords = new Set(Array.from({ length: 50 }, () => generatePassword()));
    expect(passwords.size).toBe(50);
    expect([...passwords].every((password) => password.length === 32)).toBe(true);
  });

  it("keeps every promise that the rules make", () => {
    const count = fc.option(fc.integer({ min: -12, max: 12 }));
    const rules = fc.record({
      length: fc.integer({ min: -5, max: 60 }),
      lowercase: count,
      uppercase: count,
      digits: count,
      special: count,
    });
    fc.assert(
      fc.property(rules, fc.integer(), (given, seed) => {
        const password = generatePassword(given, { random: seeded(seed) });
        const { length, ...counts } = given;
        const values = Object.values(counts);
        const sum = values.reduce<number>((total, value) => total + Math.abs(value ?? 0), 0);
        const softened = sum < length && values.every((value) => value !== null && value <= 0);
        expect(password).toHaveLength(Math.max(length, sum, 0));
        for (const [name, set] of Object.entries(sets)) {
          const rule = counts[name as keyof typeof counts];
          const actual = countIn(password, set);
          const least = Math.abs(rule ?? 0);
          // With nothing but zeros there is nothing else to fill the length with.
          const open = rule === null || rule > 0 || (softened && (rule < 0 || sum === 0));
          expect(actual).toBeGreaterThanOrEqual(least);
          expect(actual).toBeLessThanOrEqual(open ? password.length : least);
        }
      }),
      { numRuns: 500 },
    );
  });

  it("draws by code point, more often what stands more often", () => {
    const only = { lowercase: 0, uppercase: 0, digits: 0 };
    const password = generatePassword(
      { length: 1000, ...only, specialSet: "🔑🔑🔑é" },
      { random: seeded(7) },
    );
    expect(Array.from(password)).toHaveLength(1000);
    expect(countIn(password, "🔑")).toBeGreaterThan(650);
    expect(countIn(password, "é")).toBeGreaterThan(150);
  });

  it("leaves out excluded characters and keeps the counts", () => {
    const rules = { length: 40, lowercase: 10, digits: 10, special: -5, uppercase: 0, exclude: "abc012!$" };
    for (let seed = 0; seed < 50; seed++) {
      const password = generatePassword(rules, { random: seeded(seed) });
      expect(password).toMatch(/^[^abc012!$A-Z]{40}$/);
      expect(Array.from(password).filter((char) => sets.special.includes(char))).toHaveLength(5);
      expect(Array.from(password).filter((char) => sets.digits.includes(char)).length).toBeGreaterThanOrEqual(
        10,
      );
    }
  });

  it("uses every character of the alphabet about equally", () => {
    const password = generatePassword({ length: 10_000, special: 0 }, { random: seeded(3) });
    const counts = Array.from(sets.lowercase + sets.uppercase + sets.digits, (char) =>
      countIn(password, char),
    );
    expect(Math.min(...counts)).toBeGreaterThan(100);
    expect(Math.max(...counts)).toBeLessThan(230);
  });

  it("mixes the kinds", () => {
    const random = seeded(11);
    const starts = Array.from(
      { length: 200 },
      () => generatePassword({ length: 4, digits: -1, special: 0 }, { random })[0],
    );
    const digits = starts.filter((char) => sets.digits.includes(char ?? "")).length;
    expect(digits).toBeGreaterThan(25);
    expect(digits).toBeLessThan(80);
  });

  it("rejects numbers beyond the last full multiple instead of favouring small ones", () => {
    // 10 choices: 2³² − 6 and above are rejected, so the drawn digit comes from the third number.
    const numbers = [0xffff_ffff, 0xffff_fffa, 17];
    const random: Random = (length) => {
      const view = new DataView(new ArrayBuffer(length));
      for (let at = 0; at < length; at += 4) view.setUint32(at, numbers.shift() ?? 0);
      return new Uint8Array(view.buffer);
    };
    expect(generatePassword({ length: 1, digits: 1 }, { random })).toBe("7");
    expect(numbers).toEqual([]);
  });

  it.each<[string, PasswordRules]>([
    ["special characters from an empty set", { special: 1, specialSet: "" }],
    ["exactly so many from an empty set", { special: -1, specialSet: "" }],
    ["a kind of which everything is excluded", { digits: 1, exclude: "0123456789" }],
    [
      "nothing left to draw from",
      { special: 0, exclude: sets.lowercase + sets.uppercase + sets.digits + '"!@#$%()+;<>=?[]{}^.,' },
    ],
    ["a fraction", { length: 1.5 }],
    ["no number", { digits: Number.NaN }],
    ["endless length", { length: Infinity }],
    ["too many by length", { length: 10_001 }],
    ["too many by counts", { lowercase: 5000, uppercase: 5001 }],
    // @ts-expect-error what callers without types may pass
    ["text for a number", { length: "8" }],
  ])("refuses %s", (_, rules) => {
    expect(() => generatePassword(rules)).toThrow(
      expect.objectContaining({ code: "ERR_KSM_PASSWORD_RULES_INVALID" }),
    );
  });

  it.each<[string, Random]>([
    ["gives nothing", () => new Uint8Array(0)],
    ["gives only what must be rejected", (length) => new Uint8Array(length).fill(0xff)],
  ])("gives up on a source that %s", (_, random) => {
    expect(() => generatePassword({ length: 5 }, { random })).toThrow(/random/);
  });
});
