/** One-time passwords (ksm-protocol section 16): `recommended` decides. */
import assert from "node:assert/strict";
import { GeneratorError, totp } from "../../../src/generators/index.ts";
import type { VectorSuite } from "./vector-suite.ts";

interface TotpCase {
  input: { url: string; unixTime: number };
  expect: { recommended: { ok: { code: string; timeLeft: number; period: number } } | { error: true } };
}

export const suite: VectorSuite = {
  file: "ksm-totp.json",
  async run(vectorCase) {
    const { input, expect } = readCase(vectorCase);
    const result = totp(input.url, { atSeconds: input.unixTime });
    if ("ok" in expect.recommended) {
      assert.deepEqual(await result, expect.recommended.ok);
      return;
    }
    await assert.rejects(
      result,
      (error) => error instanceof GeneratorError && error.code === "ERR_KSM_TOTP_INVALID",
    );
  },
};

function readCase(value: unknown): TotpCase {
  return value as TotpCase;
}
