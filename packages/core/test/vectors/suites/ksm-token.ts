/** Runs the cases of `ksm-token.json`: one-time tokens (ksm-protocol section 2.3). */
import { deepStrictEqual, fail, ok, strictEqual } from "node:assert/strict";
import { CodedError, decodeBase64, encodeHex } from "@ksmkit/common";
import type { ConfigValues } from "../../../src/config/storage.ts";
import { initializeConfig } from "../../../src/token/initialize.ts";
import type { VectorSuite } from "./vector-suite.ts";

interface TokenCase {
  id: string;
  kind: string;
  input: { token: string; hostname: string | null; existingConfig: Record<string, string> | null };
  expect: { recommended: { ok?: Record<string, string>; error?: unknown } };
}

const byteKeys = new Set(["clientKey", "serverPublicKey"]);
const codes = /^ERR_KSM_(?:TOKEN_INVALID|TOKEN_HOST_MISSING|CONFIG_OTHER_CLIENT|ARGUMENT_INVALID)$/;

/** The file shows keys as base64url whatever the configuration holds: compared as bytes. */
function comparable(key: string, value: string | undefined): string | undefined {
  if (value === undefined || !byteKeys.has(key)) return value;
  const bytes = decodeBase64(value);
  return bytes === null ? value : encodeHex(bytes);
}

async function initialize({ input }: TokenCase): Promise<ConfigValues | CodedError> {
  const existing = input.existingConfig ?? {};
  try {
    const next = await initializeConfig({
      existing,
      token: input.token,
      hostname: input.hostname ?? undefined,
    });
    return next === "unchanged" ? existing : next;
  } catch (error) {
    if (CodedError.isInstance(error)) return error;
    throw error;
  }
}

async function runToken(tokenCase: TokenCase): Promise<void> {
  const existing = tokenCase.input.existingConfig ?? {};
  const expected = tokenCase.expect.recommended.ok;
  const result = await initialize(tokenCase);
  if (CodedError.isInstance(result)) {
    strictEqual(expected, undefined, result.message);
    ok(codes.test(result.code), result.code);
    const parts = tokenCase.input.token.split(":").map((part) => part.trim());
    ok(!parts.some((part) => part.length > 12 && result.message.includes(part)), "the message quotes the token");
    return;
  }
  if (expected === undefined) fail("accepted");
  // The storage of the token's own client is left as it is, whatever the token says.
  if (existing["clientId"] !== undefined) return deepStrictEqual({ ...result }, existing);
  for (const [key, value] of Object.entries(expected)) {
    strictEqual(comparable(key, result[key]), comparable(key, value), key);
  }
  for (const [key, value] of Object.entries(existing)) {
    if (expected[key] === undefined) strictEqual(result[key], value, key);
  }
  strictEqual(decodeBase64(result["privateKey"] ?? "")?.length, 138);
  const known = new Set([...Object.keys(expected), ...Object.keys(existing), "privateKey"]);
  deepStrictEqual(Object.keys(result).filter((key) => !known.has(key)), []);
}

export const suite: VectorSuite = {
  file: "ksm-token.json",
  async run(vectorCase): Promise<void> {
    const tokenCase = vectorCase as TokenCase;
    if (tokenCase.kind !== "token") fail(`unknown kind ${tokenCase.kind}`);
    await runToken(tokenCase);
  },
};
