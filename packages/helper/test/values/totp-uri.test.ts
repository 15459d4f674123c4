import { parseOtpauth } from "@ksmkit/core/generators";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isRecordUid, totpUri, uid } from "../../src/index.ts";
import { failureOf } from "../support/failure.ts";

describe("totpUri", () => {
  it.each([
    [{ secret: "jbsw y3dp-ehpk 3pxp====" }, "otpauth://totp/?secret=JBSWY3DPEHPK3PXP"],
    [
      { secret: "JBSWY3DPEHPK3PXP", issuer: "Ex & Co", account: "ann@example.com" },
      "otpauth://totp/Ex%20%26%20Co:ann%40example.com?secret=JBSWY3DPEHPK3PXP&issuer=Ex%20%26%20Co",
    ],
    [
      { secret: "JBSWY3DPEHPK3PXP", account: "ann", algorithm: "SHA512", digits: 8, period: 60 },
      "otpauth://totp/ann?secret=JBSWY3DPEHPK3PXP&algorithm=SHA512&digits=8&period=60",
    ],
  ] as const)("writes %j", (options, uri) => {
    expect(totpUri(options)).toBe(uri);
  });

  it("encodes bytes so that an authenticator gets them back", () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 40 }), (secret) => {
        expect(Array.from(parseOtpauth(totpUri({ secret })).secret)).toEqual(Array.from(secret));
      }),
    );
  });

  it.each<[string, object]>([
    ["no secret", { secret: "" }],
    ["an empty secret", { secret: new Uint8Array() }],
    ["a secret that is not base32", { secret: "not base32!" }],
    ["an unknown algorithm", { secret: "JBSWY3DP", algorithm: "MD5" }],
    ["too few digits", { secret: "JBSWY3DP", digits: 5 }],
    ["too many digits", { secret: "JBSWY3DP", digits: 9 }],
    ["a period of nothing", { secret: "JBSWY3DP", period: 0 }],
    ["half a second", { secret: "JBSWY3DP", period: 0.5 }],
  ])("refuses %s", async (_, options) => {
    const error = await failureOf(() => totpUri(options as { secret: string }));
    expect(error.code).toBe("ERR_HELPER_INVALID_FORMAT");
    expect(error.message).not.toContain("JBSWY3DP");
  });
});

describe("uid", () => {
  it("takes 22 characters of the URL-safe alphabet", () => {
    expect(uid("OlLZ6JLjnyMOS3CiIPHBjw")).toBe("OlLZ6JLjnyMOS3CiIPHBjw");
    expect(isRecordUid("-_LZ6JLjnyMOS3CiIPHBjw")).toBe(true);
  });

  it.each([
    "",
    "OlLZ6JLjnyMOS3CiIPHBj",
    "OlLZ6JLjnyMOS3CiIPHBjw=",
    "OlLZ6JLjnyMOS3CiIPHBjw\n",
    "OlLZ6JLjnyMOS3CiIPHB/w",
  ])("refuses %j", async (text) => {
    expect((await failureOf(() => uid(text))).code).toBe("ERR_HELPER_INVALID_FORMAT");
    expect(isRecordUid(text)).toBe(false);
  });
});
