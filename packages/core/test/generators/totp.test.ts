import { describe, expect, it } from "vitest";
import { parseOtpauth, totp } from "../../src/generators/index.ts";

// RFC 6238 appendix B: the ASCII digits repeated to 20, 32 and 64 bytes, as base32.
const secrets = {
  SHA1: "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ",
  SHA256: "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQGEZA",
  SHA512:
    "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQGEZDGNA",
};
const uri = (parameters: string): string => `otpauth://totp/ACME:jo?${parameters}`;
const simple = uri("secret=JBSWY3DPEHPK3PXP");

describe("totp", () => {
  it.each([
    [59, "94287082", "46119246", "90693936"],
    [1111111109, "07081804", "68084774", "25091201"],
    [1111111111, "14050471", "67062674", "99943326"],
    [1234567890, "89005924", "91819424", "93441116"],
    [2000000000, "69279037", "90698825", "38618901"],
    [20000000000, "65353130", "77737706", "47863826"],
  ])("gives the codes of RFC 6238 at %i", async (atSeconds, sha1, sha256, sha512) => {
    const at = async (algorithm: keyof typeof secrets): Promise<string> =>
      (await totp(uri(`secret=${secrets[algorithm]}&algorithm=${algorithm}&digits=8`), { atSeconds })).code;
    expect([await at("SHA1"), await at("SHA256"), await at("SHA512")]).toEqual([sha1, sha256, sha512]);
  });

  it("gives the codes of RFC 4226 appendix D, one second each", async () => {
    const codes = Array.from({ length: 10 }, (_, counter) =>
      totp(uri(`secret=${secrets.SHA1}&period=1`), { atSeconds: counter }),
    );
    expect((await Promise.all(codes)).map(({ code }) => code)).toEqual(
      "755224 287082 359152 969429 338314 254676 287922 162583 399871 520489".split(" "),
    );
  });

  it("asks the clock, in milliseconds, when no moment is given", async () => {
    const clock = (): number => 1_700_000_000_999;
    await expect(totp(simple, { clock })).resolves.toEqual({ code: "324550", timeLeft: 10, period: 30 });
  });

  it.each([
    [0, 30],
    [1, 29],
    [29, 1],
    [29.9, 1],
    [30, 30],
  ])("leaves at %d s another %i s", async (atSeconds, timeLeft) => {
    await expect(totp(simple, { atSeconds })).resolves.toMatchObject({ timeLeft });
  });

  it.each([Number.NaN, Infinity, -1, 2 ** 60])("refuses the time %d", async (atSeconds) => {
    await expect(totp(simple, { atSeconds })).rejects.toMatchObject({ code: "ERR_KSM_ARGUMENT_INVALID" });
  });
});

describe("a period or length that is written unusually", () => {
  it("counts when it equals a positive integer", async () => {
    const code = async (parameters: string): Promise<string> =>
      (await totp(uri(`secret=JBSWY3DPEHPK3PXP&${parameters}`), { atSeconds: 1_700_000_000 })).code;
    for (const period of ["60", "60.0", "%2060", "060", "+60", "%2B60", "60.", "60.000", "0060.0", "60%09"])
      expect(await code(`period=${period}`)).toBe("508648");
    for (const digits of ["8", "8.0", "08", "%208%20", "+8"])
      expect(await code(`digits=${digits}`)).toBe("02324550");
  });

  it.each([
    [
      "period",
      30,
      ["", "%20", "0", "0.0", "-30", "-1", "30.5", "30.999", "1e2", "6e1", "99999999999", "030"],
    ],
    ["digits", 6, ["", "0", "-6", "abc", "6.9", "6.5", "1e1", "8abc", "06", "00"]],
  ] as const)("of %s falls back to %i where the vendor's SDKs do", (name, fallback, values) => {
    for (const value of values)
      expect(parseOtpauth(uri(`secret=AAAA&${name}=${value}`)), value).toHaveProperty(name, fallback);
  });

  it.each([
    [
      "period",
      [
        "60s",
        "abc",
        "45.5",
        "60,0",
        "6%200",
        "0x3c",
        "Infinity",
        "NaN",
        "--60",
        "1.2.3",
        "\u0666\u0660",
        ".",
      ],
    ],
    ["digits", ["7.5", "8,0", "6%206", "\u0668", "-", "5.5"]],
    ["algorithm", ["SHA-1", "1", "sha%20256", "MD5", "SHA1,SHA256", "undefined"]],
  ])("%s is an error where it cannot be read", (name, values) => {
    for (const value of values)
      expect(() => parseOtpauth(uri(`secret=AAAA&${name}=${value}`)), value).toThrow(
        expect.objectContaining({ code: "ERR_KSM_TOTP_INVALID" }),
      );
  });
});

describe("parseOtpauth", () => {
  it.each([
    [simple, { algorithm: "SHA-1", digits: 6, period: 30 }],
    ["otpauth://totp?secret=AAAA", { digits: 6 }],
    ["otpauth://totp/?secret=AAAA", { digits: 6 }],
    [" OTPauth://ToTP/x?secret=AAAA&period=60\n", { period: 60 }],
    ["otpauth://totp/a?b?secret=x&secret=AAAA&digits=7", { digits: 7 }],
    [uri("digits=8&digits=9&secret=AAAA&secret=!"), { digits: 8 }],
    [uri("secret=AAAA&period=99999"), { period: 99_999 }],
    [uri("secret=AAAA&period=100000"), { period: 30 }],
    [uri("secret=AAAA&digits=000&period=0"), { digits: 6, period: 30 }],
    [uri("secret=AAAA&algorithm=%20sha512%20"), { algorithm: "SHA-512" }],
    [uri("secret=AAAA#&digits=9"), { digits: 6 }],
  ])("reads %j", (given, expected) => {
    expect(parseOtpauth(given)).toMatchObject(expected);
  });

  it.each([
    [""],
    ["otpauth://hotp/x?secret=AAAA"],
    ["otpauth://totpx?secret=AAAA"],
    ["otpauth:totp?secret=AAAA"],
    ["xotpauth://totp/x?secret=AAAA"],
    ["otpauth://totp/x#?secret=AAAA"],
    [uri("")],
    [uri("secret=")],
    [uri("secret=%3D%3D")],
    [uri("secret=AAA")],
    [uri("secret=AAA1")],
    [uri("Secret=AAAA")],
    [uri("secret=AAAA&algorithm=SHA-1")],
    [uri("secret=AAAA&digits=5")],
    [uri("secret=AAAA&digits=9")],
    [uri("secret=AAAA&digits=99999")],
  ])("refuses %j", (given) => {
    expect(() => parseOtpauth(given)).toThrow(expect.objectContaining({ code: "ERR_KSM_TOTP_INVALID" }));
  });

  it("quotes neither the URI nor the secret", () => {
    expect(() => parseOtpauth(uri("secret=HUNTER1"))).toThrow(/^((?!HUNTER|ACME).)*$/);
  });

  it("refuses what is no text", () => {
    // @ts-expect-error what callers without types may pass
    expect(() => parseOtpauth(null)).toThrow(expect.objectContaining({ code: "ERR_KSM_TOTP_INVALID" }));
  });
});
