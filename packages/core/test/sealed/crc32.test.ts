import { crc32, crc32c } from "@ksmkit/core/sealed";
import { describe, expect, it } from "vitest";

describe("checksums of key services", () => {
  const digits = new TextEncoder().encode("123456789");

  it("give the check values of the catalogues, and those of RFC 3720", () => {
    expect(crc32(digits)).toBe(0xcbf43926);
    expect(crc32c(digits)).toBe(0xe3069283);
    expect(crc32c(new Uint8Array(32))).toBe(0x8a9136aa);
    expect(crc32c(new Uint8Array(32).fill(0xff))).toBe(0x62a8ab43);
    expect(crc32(new Uint8Array())).toBe(0);
  });
});
