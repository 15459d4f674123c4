import type { Random } from "@ksmkit/common";
import { describe, expect, it } from "vitest";
import { generateUid, isUid } from "../../src/generators/index.ts";

/** Gives 16 bytes starting with each of the given first bytes in turn, zeros otherwise; counts the draws. */
function starting(...first: number[]): { random: Random; draws: () => number } {
  let draws = 0;
  const random: Random = (length) => {
    const bytes = new Uint8Array(length);
    bytes[0] = first[Math.min(draws++, first.length - 1)] ?? 0;
    return bytes;
  };
  return { random, draws: () => draws };
}

describe("generateUid", () => {
  it("makes uids that no command line takes for an option", () => {
    const uids = Array.from({ length: 2000 }, () => generateUid());
    expect(new Set(uids).size).toBe(2000);
    expect(uids.filter((uid) => !isUid(uid) || /^[-_]/.test(uid))).toEqual([]);
  });

  it.each([
    [[0xf7], 1, "9"],
    [[0xf8, 0], 2, "A"],
    [[0xff, 0xfb, 0x10], 3, "E"],
    [[0xf8, 0xf8, 0xf8, 0xf8, 0xf8, 0xf8, 0xf8, 0], 8, "A"],
    [[0xf8], 8, "e"],
    [[0xff], 8, "f"],
  ])("draws %j in %i draws", (first, draws, start) => {
    const source = starting(...first);
    expect(generateUid(source)).toMatch(new RegExp(`^${start}`));
    expect(source.draws()).toBe(draws);
  });
});

describe("isUid", () => {
  it.each([
    ["AAAAAAAAAAAAAAAAAAAAAA", true],
    ["-_aZ09AAAAAAAAAAAAAAAA", true],
    ["AAAAAAAAAAAAAAAAAAAAA", false],
    ["AAAAAAAAAAAAAAAAAAAAAAA", false],
    ["AAAAAAAAAAAAAAAAAAAAA+", false],
    ["AAAAAAAAAAAAAAAAAAAAAA\n", false],
    ["", false],
  ])("%j: %s", (text, expected) => {
    expect(isUid(text)).toBe(expected);
  });
});
