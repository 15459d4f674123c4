import { describe, expect, it } from "vitest";
import * as nodeBase64 from "../../src/encoding/base64-node.ts";
import * as webBase64 from "../../src/encoding/base64-web.ts";
import { decodeBase64, encodeBase64, encodeBase64Url, stripWhitespace } from "../../src/encoding/base64.ts";

const hex = (bytes: Uint8Array | null): string | null => bytes && Buffer.from(bytes).toString("hex");

describe("decodeBase64", () => {
  it.each([
    ["", ""],
    ["Zg==", "66"],
    ["Zg", "66"],
    ["Zm8=", "666f"],
    ["Zm8", "666f"],
    ["Zm9v", "666f6f"],
    ["Zm9vYmFy", "666f6f626172"],
    ["-_8", "fbff"],
    ["+/8=", "fbff"],
    ["-/8=", "fbff"],
  ])("reads %j", (text, expected) => {
    expect(hex(decodeBase64(text))).toBe(expected);
  });

  it.each([
    ["A", "one character can hold no byte"],
    ["AAAAA", "impossible length"],
    ["Zg=", "padding incomplete"],
    ["Zg===", "surplus padding"],
    ["Zm9v====", "surplus padding after a whole group"],
    ["====", "nothing but padding"],
    ["=", "nothing but padding"],
    ["Z=g=", "padding in the middle"],
    ["Zm 9v", "blank"],
    ["Zm9v\n", "line break"],
    ["Zm9!", "foreign character"],
    ["Łm9v", "a character whose low byte is in the alphabet"],
    ["Zm9\u0000", "NUL"],
  ])("refuses %j: %s", (text) => {
    expect(decodeBase64(text)).toBeNull();
  });
});

describe.each([
  ["node", nodeBase64],
  ["web", webBase64],
])("base64 on %s", (_name, { decodeBase64Alphabet, encodeBase64Alphabet }) => {
  it("agrees with Node's Buffer for every length up to 100", () => {
    for (let length = 0; length <= 100; length++) {
      const bytes = Uint8Array.from({ length }, (_, i) => (i * 89 + length * 7) & 255);
      const standard = Buffer.from(bytes).toString("base64");
      const urlSafe = Buffer.from(bytes).toString("base64url");
      expect(encodeBase64Alphabet(bytes, false)).toBe(standard);
      expect(encodeBase64Alphabet(bytes, true)).toBe(urlSafe);
      expect(hex(decodeBase64Alphabet(standard, urlSafe.length))).toBe(hex(bytes));
      expect(hex(decodeBase64Alphabet(urlSafe, urlSafe.length))).toBe(hex(bytes));
    }
  });

  it("refuses each foreign character at each place", () => {
    for (const foreign of ["=", " ", "\n", "!", "~", "é", "Ł"]) {
      for (let at = 0; at < 8; at++) {
        const text = "AbCdEfGh".slice(0, at) + foreign + "AbCdEfGh".slice(at + 1);
        expect(decodeBase64Alphabet(text, 8), JSON.stringify(text)).toBeNull();
      }
    }
  });
});

describe("encoders", () => {
  it("write one definite form each", () => {
    const bytes = Uint8Array.of(251, 255);
    expect(encodeBase64(bytes)).toBe("+/8=");
    expect(encodeBase64Url(bytes)).toBe("-_8");
  });

  it("encode a view, not the buffer under it", () => {
    expect(encodeBase64(Uint8Array.of(1, 2, 3, 4).subarray(1, 3))).toBe("AgM=");
  });
});

describe("stripWhitespace", () => {
  it("removes blanks, tabs and line breaks only", () => {
    expect(stripWhitespace(" a\tb\r\nc\u00a0")).toBe("abc\u00a0");
  });
});
