import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { runErrorCase } from "../vectors/suites/ksm-responses-errors.ts";
import { runRequestEnvelopeCase } from "../vectors/suites/ksm-request-envelope.ts";

interface Case {
  id: string;
  kind: string;
}

function casesOf(file: string, kind: string): Case[] {
  const parsed = JSON.parse(readFileSync(new URL(`../vectors/${file}`, import.meta.url), "utf8")) as {
    cases: Case[];
  };
  return parsed.cases.filter((entry) => entry.kind === kind);
}

describe("vectors ksm-responses.json, kind error", () => {
  const cases = casesOf("ksm-responses.json", "error");
  it("has 31 cases", () => {
    expect(cases).toHaveLength(31);
  });
  it.each(cases)("$id", async (entry) => {
    await expect(runErrorCase(entry)).resolves.toBeUndefined();
  });
});

describe("vectors ksm-crypto.json, kind requestEnvelope", () => {
  const cases = casesOf("ksm-crypto.json", "requestEnvelope");
  it("has 1 case", () => {
    expect(cases).toHaveLength(1);
  });
  it.each(cases)("$id", async (entry) => {
    await expect(runRequestEnvelopeCase(entry)).resolves.toBeUndefined();
  });
});
