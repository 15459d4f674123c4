/** Password generation (ksm-protocol section 15): the properties of many passwords per row. */
import assert from "node:assert/strict";
import { defaultSpecialSet, generatePassword, GeneratorError } from "../../../src/generators/index.ts";
import type { VectorSuite } from "./vector-suite.ts";

interface PasswordCase {
  input: {
    length: number | null;
    lowercase: number | null;
    uppercase: number | null;
    digits: number | null;
    specialCharacters: number | null;
    specialCharacterSet: string | null;
  };
  expect: { recommended: Properties | { error: true } };
}

interface Properties {
  length: number;
  classes: Record<string, { min?: number; exact?: number }>;
  alphabet: string;
}

const runs = 60;

export const suite: VectorSuite = {
  file: "ksm-password.json",
  async run(vectorCase) {
    const { input, expect } = readCase(vectorCase);
    const { specialCharacters: special, specialCharacterSet: specialSet, ...counts } = input;
    const rules = { ...counts, special, specialSet };
    if ("error" in expect.recommended) {
      assert.throws(
        () => generatePassword(rules),
        (error) => error instanceof GeneratorError && error.code === "ERR_KSM_PASSWORD_RULES_INVALID",
      );
      return;
    }
    for (let i = 0; i < runs; i++) {
      check(Array.from(generatePassword(rules)), expect.recommended, specialSet ?? defaultSpecialSet);
    }
  },
};

function check(password: string[], expected: Properties, specialSet: string): void {
  const members: Record<string, (char: string) => boolean> = {
    lowercase: (char) => /[a-z]/.test(char),
    uppercase: (char) => /[A-Z]/.test(char),
    digits: (char) => /[0-9]/.test(char),
    special: (char) => specialSet.includes(char),
  };
  const alphabet = new Set(expected.alphabet);
  assert.equal(password.length, expected.length);
  assert.deepEqual(password.filter((char) => !alphabet.has(char)), []);
  for (const [name, { min, exact }] of Object.entries(expected.classes)) {
    const count = password.filter(members[name] ?? assert.fail(`unknown class ${name}`)).length;
    if (min !== undefined) assert.ok(count >= min, `${name}: ${count} of at least ${min}`);
    // A set that overlaps another class makes its exact counts unobservable.
    else if (!overlaps(specialSet)) assert.equal(count, exact, name);
  }
}

function overlaps(specialSet: string): boolean {
  return /[A-Za-z0-9]/.test(specialSet);
}

function readCase(value: unknown): PasswordCase {
  return value as PasswordCase;
}
