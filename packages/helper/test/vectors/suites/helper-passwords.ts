/** Judges generated passwords by their properties. */
import assert from "node:assert/strict";
import { Place } from "../../../src/errors/place.ts";
import { Problems } from "../../../src/errors/problems.ts";
import { checkComplexity, passwordFor } from "../../../src/password/complexity.ts";

interface Property {
  length: number;
  classesSeen: string[];
  specialsSeen: string;
  minimum: Record<string, number>;
  exact?: Record<string, number>;
  absent?: string;
}

interface Effective {
  length: number;
  caps: number;
  lowercase: number;
  digits: number;
  special: number;
  filter_characters: string[] | string | null;
}

const classes: Record<string, RegExp> = {
  lower: /[a-z]/g,
  upper: /[A-Z]/g,
  digit: /[0-9]/g,
  special: /[^a-zA-Z0-9]/g,
};
const specials = '"!@#$%()+;<>=?[]{}^.,';
const samples = 400;

/** Generates as many passwords as the vectors were observed over. */
export function generateFrom(complexity: unknown): string[] {
  const problems = new Problems();
  const place = new Place();
  const rules = problems.unlessAny(checkComplexity(complexity, place, problems));
  return Array.from({ length: samples }, () => problems.unlessAny(passwordFor(rules, place, problems)));
}

/** Holds the passwords to what was observed. */
export function assertPasswordProperty(passwords: unknown, property: unknown): void {
  const { length, classesSeen, specialsSeen, minimum, exact = {}, absent = "" } = property as Property;
  assert.ok(Array.isArray(passwords) && passwords.length === samples);
  const seen = new Set(passwords.flatMap((password: string) => Array.from(password)));
  const all = [...seen].join("");
  for (const password of passwords as string[]) {
    assert.equal(Array.from(password).length, length);
    for (const [name, count] of Object.entries(minimum)) assert.ok(countOf(password, name) >= count, name);
    for (const [name, count] of Object.entries(exact)) assert.equal(countOf(password, name), count, name);
  }
  assert.deepEqual(
    Object.keys(classes).filter((name) => countOf(all, name) > 0),
    Object.keys(classes).filter((name) => classesSeen.includes(name)),
  );
  assert.deepEqual([...seen].filter((char) => specials.includes(char)).toSorted(), Array.from(specialsSeen).toSorted());
  for (const char of absent) assert.ok(!seen.has(char), `${char} is filtered`);
}

/** Holds one password to the complexity that it was made by. */
export function assertMeets(password: unknown, complexity: unknown, path: string): void {
  const rules = complexity as Effective;
  const counts = [rules.lowercase, rules.caps, rules.digits, rules.special];
  const sum = counts.reduce((total, count) => total + Math.abs(count), 0);
  assert.ok(typeof password === "string", path);
  assert.equal(password.length, Math.max(rules.length, sum), `${path}: length`);
  const anyPositive = counts.some((count) => count > 0);
  for (const [index, name] of ["lower", "upper", "digit", "special"].entries()) {
    const count = counts[index] ?? 0;
    assert.ok(countOf(password, name) >= Math.abs(count), `${path}: ${name}`);
    if (count === 0 && anyPositive) assert.equal(countOf(password, name), 0, `${path}: no ${name}`);
    if (count < 0 && anyPositive) assert.equal(countOf(password, name), -count, `${path}: exactly so many ${name}`);
  }
  for (const char of rules.filter_characters ?? []) assert.ok(!password.includes(char), `${path}: filtered`);
}

function countOf(text: string, name: string): number {
  return text.match(classes[name] ?? /$^/)?.length ?? 0;
}
