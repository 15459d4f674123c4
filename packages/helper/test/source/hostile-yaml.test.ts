import { describe, expect, it } from "vitest";
import { recordsFromText } from "../../src/index.ts";
import { placedProblemsOf } from "../support/failure.ts";

const frame = "version: v3\nkind: KeeperRecord\ndata:\n";

describe("files that expand or are full of problems", () => {
  it("counts the text behind aliases", async () => {
    const long = Array(10_000).fill('{"first":"a"}').join();
    const text = `${frame}- recordType: login\n  title: a\n  fields: []\n  customFields:\n  - &f\n    type: name\n    value: '[${long}]'\n${"  - *f\n".repeat(15_000)}`;
    const [problem] = await placedProblemsOf(() => recordsFromText(text, "yaml"));
    expect(problem).toMatch(/^YAML_SYNTAX/);
  });

  it("locates each of 40 000 problems", async () => {
    const problems = await placedProblemsOf(() => recordsFromText(frame + "- 1\n".repeat(40_000), "yaml"));
    expect(problems).toHaveLength(40_000);
    expect(problems.at(-1)).toBe("ITEM_NOT_OBJECT 40003:3");
  });

  it("reads no tags", async () => {
    for (const value of ["!!omap [a: x]", "!!timestamp 2020-01-01", "!!binary aGVsbG8="]) {
      const text = `${frame}- recordType: login\n  title: a\n  fields: []\n  customFields:\n  - {type: note, label: l, value: ${value}}\n`;
      const outcome = await recordsFromText(text, "yaml").then(
        ([made]) => made?.custom?.[0]?.value,
        () => "refused",
      );
      // A tag on plain text leaves the text; anything else is refused.
      expect(outcome === "refused" || typeof (outcome as unknown[])[0] === "string").toBe(true);
    }
  });
});
