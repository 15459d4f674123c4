import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decodeBase32 } from "../../src/generators/parse-otpauth.ts";

const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

describe("decodeBase32", () => {
  // RFC 4648 section 10
  it.each([
    ["", ""],
    ["MY======", "f"],
    ["MZXQ====", "fo"],
    ["MZXW6===", "foo"],
    ["MZXW6YQ=", "foob"],
    ["MZXW6YTB", "fooba"],
    ["MZXW6YTBOI======", "foobar"],
    ["mzxw 6ytb-oi", "foobar"],
    ["MZ", "f"], // left-over bits that are not zero
  ])("decodes %j", (text, expected) => {
    expect(Buffer.from(decodeBase32(text) ?? []).toString()).toBe(expected);
  });

  it.each([
    "A",
    "AAA",
    "AAAAAA",
    "AAAAAAAAA",
    "A0AA",
    "A1AA",
    "A8AA",
    "A9AA",
    "ÄAAA",
    "ıAAA",
    "ſAAA",
    "AA+A",
    "🔑",
  ])("refuses %j", (text) => {
    expect(decodeBase32(text)).toBeNull();
  });

  it("undoes a plain encoder", () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        const bits = [...bytes].map((byte) => byte.toString(2).padStart(8, "0")).join("");
        const groups = bits.match(/.{1,5}/g) ?? [];
        const text = groups.map((group) => alphabet[Number.parseInt(group.padEnd(5, "0"), 2)]).join("");
        expect(decodeBase32(text)).toEqual(new Uint8Array(bytes));
      }),
    );
  });
});
