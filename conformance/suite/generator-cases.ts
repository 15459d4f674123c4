/** What is made without a vault: one-time passwords, passwords, uids. */
import { generatePassword, generateUid, isUid, totp } from "@ksmkit/core/generators";
import { deepStrictEqual, ok, rejectsWith, strictEqual } from "./assert.ts";
import type { ConformanceCase } from "./conformance-case.ts";

const secrets = {
  SHA1: "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ",
  SHA256: "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQGEZA",
  SHA512:
    "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQGEZDGNA",
};

/** RFC 6238 appendix B: seconds, then the codes. */
const rfc6238: readonly [number, Record<keyof typeof secrets, string>][] = [
  [59, { SHA1: "94287082", SHA256: "46119246", SHA512: "90693936" }],
  [1_111_111_109, { SHA1: "07081804", SHA256: "68084774", SHA512: "25091201" }],
  [20_000_000_000, { SHA1: "65353130", SHA256: "77737706", SHA512: "47863826" }],
];

/** Generators. */
export function generatorCases(): ConformanceCase[] {
  return [
    {
      name: "TOTP: the codes of RFC 6238",
      async run() {
        for (const [atSeconds, codes] of rfc6238) {
          for (const [algorithm, secret] of Object.entries(secrets)) {
            const uri = `otpauth://totp/x?secret=${secret}&algorithm=${algorithm}&digits=8`;
            strictEqual((await totp(uri, { atSeconds })).code, codes[algorithm as keyof typeof secrets], uri);
          }
        }
      },
    },
    {
      name: "passwords: rules are met, and no two are alike",
      async run() {
        const rules = { length: 24, digits: 3, uppercase: -2, special: -1, specialSet: "#" };
        const passwords = Array.from({ length: 50 }, () => generatePassword(rules));
        strictEqual(new Set(passwords).size, 50);
        for (const password of passwords) {
          const count = (pattern: RegExp): number => password.match(pattern)?.length ?? 0;
          deepStrictEqual([password.length, count(/[A-Z]/g), count(/#/g)], [24, 2, 1]);
          ok(count(/\d/g) >= 3);
        }
        await rejectsWith("ERR_KSM_PASSWORD_RULES_INVALID", () => generatePassword({ length: 20_000 }));
      },
    },
    {
      name: "uids: 22 characters, never the same",
      async run() {
        const uids = new Set(Array.from({ length: 100 }, () => generateUid()));
        strictEqual(uids.size, 100);
        for (const uid of uids) ok(isUid(uid) && uid.length === 22);
      },
    },
  ];
}
