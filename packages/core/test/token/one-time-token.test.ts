import { encodeBase64, encodeBase64Url, equalBytes } from "@ksmkit/common";
import { describe, expect, it } from "vitest";
import { defaultServerKey } from "../../src/protocol/server-keys.ts";
import { clientIdFor } from "../../src/config/identity.ts";
import { parseOneTimeToken } from "../../src/token/one-time-token.ts";

const secret = new Uint8Array(32).fill(0xfb);
const text = encodeBase64Url(secret);
const key = encodeBase64Url(defaultServerKey().point);

describe("parseOneTimeToken", () => {
  it.each([
    ["region and secret", `EU:${text}`, undefined, "keepersecurity.eu"],
    ["host and secret", `Vault.Example:${text}`, undefined, "vault.example"],
    ["secret, host from the option", text, "localhost:8443", "localhost:8443"],
    ["secret, region from the option", text, "jp", "keepersecurity.jp"],
    ["the token's host over the option", `US:${text}`, "other.example", "keepersecurity.com"],
    ["blanks everywhere", ` us : ${text}= \n`, undefined, "keepersecurity.com"],
    ["the standard alphabet", `US:${encodeBase64(secret)}`, undefined, "keepersecurity.com"],
  ])("reads %s", async (_what, token, hostname, expected) => {
    const parsed = await parseOneTimeToken(token, { hostname });
    expect(parsed).toMatchObject({ hostname: expected, serverKey: undefined });
    expect(equalBytes(parsed.secret, secret)).toBe(true);
  });

  it("reads a server key", async () => {
    const token = await parseOneTimeToken(`ksm.example:${text}:20:${key}`);
    expect(token.serverKey).toEqual({ id: "20", point: defaultServerKey().point, custom: true });
  });

  it.each([
    "",
    " ",
    ":",
    "US:",
    `:${text}`,
    `US::${text}`,
    `US:${text}:`,
    `US:${text}:20`,
    `US:${text}:20:${key}:x`,
    `US:${text}:0:${key}`,
    `US:${text}:+1:${key}`,
    `US:${text}:20:${key.slice(2)}`,
    `US:${text}:20:${key.slice(0, -1)}A`,
    `a b:${text}`,
    `user@h:${text}`,
    `[::1]:${text}`,
    `https://h.example:${text}`,
    `US:${text}A`,
    `US:${text.slice(1)}`,
    `US:${text.slice(2)}`,
    `US:${text}==`,
    `US:${text.slice(0, 20)} ${text.slice(20)}`,
    `US:${text.slice(0, -1)}!`,
  ])("refuses %j without quoting it", async (token) => {
    const error: unknown = await parseOneTimeToken(token).catch((error: unknown) => error);
    expect(error).toMatchObject({ name: "TokenError", code: "ERR_KSM_TOKEN_INVALID" });
    expect(error).not.toHaveProperty("cause");
    expect(String(error)).not.toContain(text.slice(4, 20));
  });

  it("refuses a text above the limit", async () => {
    const long = `US:${"A".repeat(2000)}`;
    await expect(parseOneTimeToken(long)).rejects.toThrow("too long");
  });

  it.each([undefined, null, 5, {}])("refuses %j, which is no text", async (value: unknown) => {
    await expect(parseOneTimeToken(value as string)).rejects.toMatchObject({ code: "ERR_KSM_TOKEN_INVALID" });
  });

  it.each([undefined, "", "  "])("asks for a host when there is none (option %j)", async (hostname) => {
    await expect(parseOneTimeToken(text, { hostname })).rejects.toMatchObject({
      code: "ERR_KSM_TOKEN_HOST_MISSING",
    });
  });

  it.each(["http://h", "h/p", "a b", text + "!"])("refuses the host option %j", async (hostname) => {
    await expect(parseOneTimeToken(text, { hostname })).rejects.toMatchObject({
      code: "ERR_KSM_ARGUMENT_INVALID",
      message: expect.not.stringContaining(hostname),
    });
  });
});

describe("clientIdFor", () => {
  it("is base64 of 64 bytes and depends on the secret", async () => {
    const id = await clientIdFor(secret);
    expect(id).toMatch(/^[A-Za-z0-9+/]{86}==$/);
    expect(await clientIdFor(new Uint8Array(32))).not.toBe(id);
  });
});
