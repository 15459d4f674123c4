import { describe, expect, it } from "vitest";
import { environmentProxy } from "../../src/http/environment-proxy.ts";
import { parseProxy } from "../../src/http/proxy-rules.ts";

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
    ["https://a.example./", "a.example", true],
    ["https://a.example/", "a.example.", true],
    ["https://b\u00fccher.example/", "b\u00fccher.example", true],
    ["https://[::1]/", "0:0:0:0:0:0:0:1", true],
    ["https://127.0.0.1/", "127.0.0.0/8", true],
    ["https://127.0.0.1:8443/", "x,127.0.0.0/8", true],
    ["https://126.255.255.255/", "127.0.0.0/8", false],
    ["https://128.0.0.0/", "127.0.0.0/8", false],
    ["https://127.9.9.9/", "127.0.0.1/8", true],
    ["https://127.9.9.9/", "127/8", true],
    ["https://172.31.255.255/", "172.16.0.0/12", true],
    ["https://172.32.0.0/", "172.16.0.0/12", false],
    ["https://192.168.7.1/", "192.168.7.1/32", true],
    ["https://192.168.7.2/", "192.168.7.1/32", false],
    ["https://8.8.8.8/", "0.0.0.0/0", true],
    ["https://[::1]/", "0.0.0.0/0", false],
    ["https://10.1.2.3:444/", "10.0.0.0/8:443", false],
    ["https://10.1.2.3:443/", "10.0.0.0/8:443", true],
    ["https://[fd12:3456::1]/", "fd00::/8", true],
    ["https://[fd12:3456::1]/", "[fd00::]/8", true],
    ["https://[fd12:3456::1]/", "[fd00::/8]:443", true],
    ["https://[fe80::1]/", "fd00::/8", false],
    ["https://[2001:db8:1::5]/", "2001:db8::/32", true],
    ["https://[2001:db9::5]/", "2001:db8::/32", false],
    ["https://[2001:db8::7fff:ffff]/", "2001:db8::/97", true],
    ["https://[2001:db8::8000:0]/", "2001:db8::/97", false],
    ["https://[2001:db8::1:8000:0]/", "2001:db8::/97", false],
    ["https://[2001:db8::7fff:ffff]/", "2001:db8::8000:0/97", false],
    ["https://[::1]/", "::1/128", true],
    ["https://[::1]/", "::/0", true],
    ["https://[::ffff:10.1.2.3]/", "10.0.0.0/8", true],
    ["https://10.1.2.3/", "::ffff:10.0.0.0/104", true],
    ["https://127.0.0.1/", "127.0.0.0/33", false],
    ["https://127.0.0.1/", "127.0.0.0/", false],
    ["https://127.0.0.1/", "127.0.0.0/x", false],
    ["https://127.0.0.1/", "127.0.0.0/8/8", false],
    ["https://127.0.0.1/", "/8", false],
    ["https://[::1]/", "::1/129", false],
    ["https://[::1]/", "1:2:3/8", false],
    ["https://a.example/", "a.example/8", false],
    ["https://a.example/", "0.0.0.0/0", false],
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

  it.each<[string, string]>([
    ["u:50%off", "u:50%off"],
    ["u:100%", "u:100%"],
    ["u:%", "u:%"],
    ["u:%%", "u:%%"],
    ["u:%4", "u:%4"],
    ["u:%zz", "u:%zz"],
    ["u:p%40ss%", "u:p@ss%"],
    ["u%:%41%4", "u%:A%4"],
    ["u:%25off", "u:%off"],
    ["u:%ad", "u:%ad"],
    ["u:%E0topsecret", "u:%E0topsecret"],
    ["u:%c3%bc%c3", "u:\u00fc%c3"],
    ["u:%E2%82%AC", "u:\u20ac"],
    ["u:%F0%9F%94%91", "u:\u{1f511}"],
    ["u:%c0%80", "u:%c0%80"],
    ["u:%ed%a0%80", "u:%ed%a0%80"],
    ["u:\u00fc", "u:\u00fc"],
    ["u:a:b", "u:a:b"],
    ["u:a@b", "u:a@b"],
    ["u:a/b?c#d", "u:a/b?c#d"],
    ["u", "u:"],
    [":p", ":p"],
  ])("reads the credentials %j", (login, credentials) => {
    const { authorization, hostname, port } = parseProxy(`http://${login}@proxy.example:3128`, "proxyUrl");
    expect([authorization, hostname, port]).toEqual([
      `Basic ${Buffer.from(credentials).toString("base64")}`,
      "proxy.example",
      3128,
    ]);
  });

  it.each([
    "socks5://u:topsecret@p",
    "topsecret",
    "http://u:topsecret@p:99999",
    "http://u:topsecret@",
    "http://",
    "ftp://topsecret@p",
  ])("refuses %j without quoting it", (text) => {
    const parse = (): unknown => parseProxy(text, "HTTPS_PROXY");
    expect(parse).toThrow(
      expect.objectContaining({ kind: "options", message: expect.stringMatching(/^HTTPS_PROXY/) }),
    );
    expect(parse).not.toThrow(/topsecret/);
  });
});
