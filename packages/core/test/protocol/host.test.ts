import { describe, expect, it } from "vitest";
import { hostOption, regionHosts, resolveHost } from "../../src/protocol/host.ts";

describe("resolveHost", () => {
  it.each(Object.entries(regionHosts))("%s is %s, in any case", (code, host) => {
    expect([resolveHost(code), resolveHost(code.toLowerCase()), resolveHost(` ${code}\n`)]).toEqual([
      host,
      host,
      host,
    ]);
  });

  it("knows seven regions", () => {
    expect(Object.keys(regionHosts)).toEqual(["US", "EU", "AU", "GOV", "JP", "CA", "IL5"]);
  });

  it.each([
    ["keepersecurity.com", "keepersecurity.com"],
    ["KSM.Example.COM", "ksm.example.com"],
    ["localhost:8443", "localhost:8443"],
    ["https://localhost:8443", "localhost:8443"],
    ["HTTPS://localhost:8443/", "localhost:8443"],
    ["https://h.example/", "h.example"],
    ["my_host.internal", "my_host.internal"],
    ["US_GOV", "us_gov"],
    ["xx", "xx"],
    ["xn--bcher-kva.example", "xn--bcher-kva.example"],
    ["127.0.0.1:1", "127.0.0.1:1"],
    ["[::1]:8443", "[::1]:8443"],
    ["httpbin.example", "httpbin.example"],
    ["h.example:65535", "h.example:65535"],
  ])("%s is %s", (text, host) => {
    expect(resolveHost(text)).toBe(host);
  });

  it.each([
    "",
    " ",
    "http://h.example",
    "ftp://h.example",
    "https://",
    "https:///",
    "https://h.example//",
    "https://h.example/api",
    "h.example/",
    "user@h.example",
    "https://user:pw@h.example",
    "h.example?x=1",
    "h.example#x",
    "h.example:",
    "h.example:0",
    "h.example:65536",
    "h.example:123456",
    "h.example:80:80",
    "h example",
    "h..example",
    ".h.example",
    "-h.example",
    "hé.example",
    "h.example\\x",
    "h.example\nx",
    "::1",
    "[::1",
    "[zz]",
    "1.2.3.4.5",
    "%68",
    "a".repeat(400),
  ])("%j is no host", (text) => {
    expect(resolveHost(text)).toBeNull();
  });

  it.each(["constructor", "__proto__", "toString"])("%s is no region", (text) => {
    expect(Object.values(regionHosts)).not.toContain(resolveHost(text));
  });

  it.each([undefined, null, 5, {}])("%j is no host", (value: unknown) => {
    expect(resolveHost(value as string)).toBeNull();
  });
});

describe("hostOption", () => {
  it("refuses without quoting", () => {
    expect(() => hostOption("user:secret@h")).toThrow(
      expect.objectContaining({
        code: "ERR_KSM_ARGUMENT_INVALID",
        message: expect.not.stringContaining("secret"),
      }),
    );
  });
});
