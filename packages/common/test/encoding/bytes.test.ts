import { describe, expect, it } from "vitest";
import { concatBytes, equalBytes, releaseBytes, utf8Bytes, utf8Text } from "../../src/encoding/bytes.ts";
import { decodeHex, encodeHex } from "../../src/encoding/hex.ts";

describe("hex", () => {
  it("reads both cases and writes the lower one", () => {
    expect(encodeHex(decodeHex("00aBff") ?? new Uint8Array())).toBe("00abff");
  });

  it.each(["0", "0g", "0x00", " 00", "00 "])("refuses %j", (text) => {
    expect(decodeHex(text)).toBeNull();
  });
});

describe("UTF-8", () => {
  it.each(["", "plain", "clé 你好 🎉", "a\u0000b", "\ufeffmark"])("round-trips %j", (text) => {
    expect(utf8Text(utf8Bytes(text))).toBe(text);
  });

  it("replaces bytes that are not UTF-8", () => {
    expect(utf8Text(Uint8Array.of(0x61, 0xff, 0x62))).toBe("a\ufffdb");
  });
});

describe("concatBytes and equalBytes", () => {
  it("joins in order into a new array", () => {
    const first = Uint8Array.of(1);
    const joined = concatBytes(first, new Uint8Array(), Uint8Array.of(2, 3));
    expect(equalBytes(joined, Uint8Array.of(1, 2, 3))).toBe(true);
    first[0] = 9;
    expect(joined[0]).toBe(1);
  });

  it.each([
    [[1, 2], [1]],
    [[1], [2]],
  ])("tells %j from %j", (a, b) => {
    expect(equalBytes(Uint8Array.from(a), Uint8Array.from(b))).toBe(false);
  });
});

describe("releaseBytes", () => {
  it("frees bytes that have their buffer to themselves, and no others", () => {
    const whole = new Uint8Array(10);
    const part = new Uint8Array(10).subarray(1);
    releaseBytes(whole);
    releaseBytes(whole);
    releaseBytes(part);
    releaseBytes(new Uint8Array(new SharedArrayBuffer(4)));
    expect([whole.length, part.length]).toEqual(["transfer" in ArrayBuffer.prototype ? 0 : 10, 9]);
  });
});
