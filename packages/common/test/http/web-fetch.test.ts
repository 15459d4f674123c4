import { afterEach, describe, expect, it, vi } from "vitest";
import { createNetworkFetch as createNodeFetch } from "../../src/http/node-fetch.ts";
import { createNetworkFetch } from "../../src/http/web-fetch.ts";

afterEach(() => vi.unstubAllGlobals());

describe("the web transport", () => {
  it("calls the platform's fetch as a method of its global", async () => {
    const fetch = vi.fn<() => Promise<Response>>(() => Promise.resolve(new Response("ok")));
    vi.stubGlobal("fetch", fetch);
    const network = createNetworkFetch({});
    expect((await network.fetch("https://a.example/", { method: "GET", headers: {} })).status).toBe(200);
    expect(fetch.mock.contexts[0] === globalThis).toBe(true);
    network.close();
  });

  it.each([{ proxyUrl: "http://p" }, { ca: "pem" }, { verifyCertificates: false }])(
    "refuses %o",
    (options) => {
      const [name = ""] = Object.keys(options);
      expect(() => createNetworkFetch(options)).toThrow(
        expect.objectContaining({ code: "ERR_HTTP_OPTIONS" }),
      );
      expect(() => createNetworkFetch(options)).toThrow(new RegExp(`${name}.*Node only`));
    },
  );

  it("accepts what changes nothing", () => {
    expect(() =>
      createNetworkFetch({ verifyCertificates: true, env: { HTTPS_PROXY: "http://p" } }),
    ).not.toThrow();
  });
});

describe.each([
  ["web", createNetworkFetch],
  ["node", createNodeFetch],
])("a fetch of the caller on %s", (_name, create) => {
  const fetch = async (): Promise<Response> => new Response("own");

  it("is used as it is", () => {
    expect(create({ fetch }).fetch).toBe(fetch);
  });

  it.each([{ proxyUrl: "http://p" }, { ca: "pem" }, { verifyCertificates: false }])(
    "refuses %o beside it",
    (more) => {
      expect(() => create({ fetch, ...more })).toThrow(/cannot be combined with fetch/);
    },
  );
});
