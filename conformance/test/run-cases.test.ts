import { describe, expect, it } from "vitest";
import { count, matrixTable, type MatrixRow } from "../table.ts";
import { runCases } from "../suite/run-cases.ts";

describe("running cases", () => {
  it("reports failures with code and cause, and continues", async () => {
    const cause = new Error("below");
    const outcomes = await runCases([
      {
        name: "bad",
        run: () => Promise.reject(Object.assign(new Error("above", { cause }), { code: "ERR_X" })),
      },
      { name: "odd", run: () => Promise.reject("text") },
      { name: "good", run: () => Promise.resolve() },
    ]);
    expect(outcomes).toEqual([
      { name: "bad", failure: "Error: above (ERR_X) ← Error: below" },
      { name: "odd", failure: "text" },
      { name: "good" },
    ]);
  });
});

describe("the table", () => {
  const rows: MatrixRow[] = [
    {
      runtime: "node20",
      result: { version: "20.20.2", outcomes: [{ name: "a" }, { name: "b", failure: "wrong" }] },
      seconds: 1,
    },
    { runtime: "chromium", result: { broken: "not installed" }, seconds: 0 },
  ];

  it("counts a runtime without a report as a failure", () => {
    expect(rows.map(count)).toEqual([
      { passed: 1, failed: 1 },
      { passed: 0, failed: 1 },
    ]);
  });

  it("shows every failure with its reason", () => {
    const text = matrixTable(rows);
    expect(text).toMatch(/^Node 20 +20\.20\.2 +node .* 1 +1 +1\.0 s$/m);
    expect(text).toContain("node20: b\n  wrong");
    expect(text).toContain("chromium: not installed");
  });
});
