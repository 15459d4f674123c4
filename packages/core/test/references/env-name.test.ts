import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import {
  dangerousEnvNames,
  envName,
  isDangerousEnvName,
  isEnvName,
} from "../../src/references/model/env-name.ts";

describe("envName", () => {
  it.each([
    ["login", "LOGIN"],
    ["API region", "API_REGION"],
    ["oneTimeCode", "ONE_TIME_CODE"],
    ["isSSIDHidden", "IS_SSID_HIDDEN"],
    ["oauth2Token", "OAUTH2_TOKEN"],
    ["S3 bucket", "S3_BUCKET"],
    ["  (primary) e-mail!  ", "PRIMARY_E_MAIL"],
    ["already_SNAKE__case_", "ALREADY_SNAKE_CASE"],
    ["Schlüssel", "SCHLUSSEL"],
    ["Straße", "STRASSE"],
    ["ﬁle", "FILE"],
    ["2nd factor", "_2ND_FACTOR"],
    ["パスワード", ""],
    ["🔐", ""],
    ["___", ""],
    ["", ""],
  ])("makes of %j: %s", (label, name) => {
    expect(envName(label)).toBe(name);
    expect(name === "" || isEnvName(name)).toBe(true);
  });

  it("puts the prefix in front as it is, and then a digit is no start", () => {
    expect(envName("2nd factor", "shop_")).toBe("shop_2ND_FACTOR");
    expect(envName("", "shop_")).toBe("");
  });
});

describe("isDangerousEnvName", () => {
  it.each([
    "PATH",
    "Path",
    "NODE_OPTIONS",
    "LD_PRELOAD",
    "LD_LIBRARY_PATH",
    "DYLD_INSERT_LIBRARIES",
    "BASH_ENV",
    "NODE_ENV",
    "KSM_CONFIG",
    "KSM_SKIP_VERIFY",
    "ksm_hostname",
    "Ksm_Token",
    "NPM_CONFIG_REGISTRY",
    "AWS_CA_BUNDLE",
    "IFS",
  ])("is true for %s", (name) => expect(isDangerousEnvName(name)).toBe(true));
  it.each([
    "SHOP_PATH",
    "LD",
    "LDAP_PASSWORD",
    "NODEJS",
    "KSM",
    "KSMKIT_CONFIG",
    "SHOP_KSM_CONFIG",
    "GITHUB_TOKEN",
    "PASSWORD",
    "CA_BUNDLE",
    "*",
    "_",
    "",
  ])("is false for %j", (name) => expect(isDangerousEnvName(name)).toBe(false));

  it("goes by the list in the guide", () => {
    const guide = readFileSync(new URL("../../../../docs/guides/references.md", import.meta.url), "utf8");
    const list = guide.split("<!-- dangerous -->")[1] ?? "";
    expect([...list.matchAll(/`(.+?)`/g)].map(([, name]) => name)).toEqual([...dangerousEnvNames]);
  });
});
