import { describe, expect, it } from "vitest";
import { environmentProxy, parseProxy } from "../../src/http/proxy-rules.ts";

const proxy = "http://proxy.example:3128";

describe("environmentProxy", () => {
  it.each<[string, Record<string, string>, string | undefined]>([
    ["https://a.example/", { HTTPS_PROXY: proxy }, "proxy.example"],
    ["https://a.example/", { https_proxy: "http://lower", HTTPS_PROXY: proxy }, "lower"],
    ["https://a.example/", { https_proxy: "", HTTPS_PROXY: proxy }, "proxy.example"],
    ["https://a.example/", { HTTPS_PROXY: "proxy.example:3128" }, "proxy.example"],
    ["https://a.example/", { HTTP_PROXY: proxy }, undefined],
    ["http://a.example/", { HTTP_PROXY: proxy }, "proxy.example"],
    ["http://a.example/", { HTTPS_PROXY: proxy }, undefined],
    ["https://a.example/", {}, undefined],
  ])("%s with %o uses %s", (url, env, hostname) => {
    expect(environmentProxy(new URL(url), env)?.hostname).toBe(hostname);
  });

  it.each([
    ["https://a.example/", "*", true],
    ["https://a.example/", "a.example", true],
    ["https://a.example/", "A.EXAMPLE", true],
    ["https://a.example/", "x, a.example ,y", true],
    ["https://a.example/", "x a.example", true],
    ["https://sub.a.example/", "a.example", true],
    ["https://sub.a.example/", ".a.example", true],
    ["https://sub.a.example/", "*.a.example", true],
    ["https://a.example/", ".a.example", true],
    ["https://ba.example/", "a.example", false],
    ["https://a.example.org/", "a.example", false],
    ["https://a.example/", "a.example:443", true],
    ["https://a.example:8443/", "a.example:443", false],
    ["https://a.example:8443/", "a.example:8443", true],
    ["https://127.0.0.1/", "127.0.0.1", true],
    ["https://127.0.0.1/", "0.0.1", false],
    ["https://127.0.0.1:81/", "127.0.0.1:81", true],
    ["https://[::1]/", "::1", true],
    ["https://[::1]/", "[::1]", true],
    ["https://[::1]:82/", "[::1]:82", true],
    ["https://[::1]:82/", "[::1]:83", false],
    ["https://a.example/", "", false],
    ["https://a.example/", ",. *.", false],
  ])("%s with NO_PROXY %j is exempt: %s", (url, noProxy, exempt) => {
    const found = environmentProxy(new URL(url), { HTTPS_PROXY: proxy, NO_PROXY: noProxy });
    expect(found === undefined).toBe(exempt);
  });
});

describe("parseProxy", () => {
  it("takes credentials, ports and IPv6 hosts apart", () => {
    expect(parseProxy("https://us%40er:p%3Ass@[::1]", "proxyUrl")).toEqual({
      protocol: "https:",
      hostname: "::1",
      port: 443,
      authorization: `Basic ${Buffer.from("us@er:p:ss").toString("base64")}`,
    });
    expect(parseProxy("http://p", "proxyUrl")).toMatchObject({ port: 80, authorization: undefined });
  });

  it.each(["socks5://u:topsecret@p", "topsecret", "http://u:%E0topsecret@p", "http://", "ftp://topsecret@p"])(
    "refuses %j without quoting it",
    (text) => {
      const parse = (): unknown => parseProxy(text, "HTTPS_PROXY");
      expect(parse).toThrow(
        expect.objectContaining({ kind: "options", message: expect.stringMatching(/^HTTPS_PROXY/) }),
      );
      expect(parse).not.toThrow(/topsecret/);
    },
  );
});
