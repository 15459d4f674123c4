import { describe, expect, it, vi } from "vitest";
import { CodedError, hostOf, HttpError, toHttpError, type HttpErrorKind } from "../../src/index.ts";

const coded = (code: string, message = "failed"): Error => Object.assign(new Error(message), { code });

describe("toHttpError", () => {
  it.each<[unknown, HttpErrorKind]>([
    [coded("ECONNREFUSED"), "network"],
    [coded("ECONNRESET"), "network"],
    [coded("ENOTFOUND"), "network"],
    [coded("EAI_AGAIN"), "network"],
    [coded("ETIMEDOUT"), "network"],
    [coded("EPIPE"), "network"],
    [coded("SELF_SIGNED_CERT_IN_CHAIN"), "tls"],
    [coded("DEPTH_ZERO_SELF_SIGNED_CERT"), "tls"],
    [coded("CERT_HAS_EXPIRED"), "tls"],
    [coded("CERT_NOT_YET_VALID"), "tls"],
    [coded("ERR_TLS_CERT_ALTNAME_INVALID"), "tls"],
    [coded("UNABLE_TO_GET_ISSUER_CERT_LOCALLY"), "tls"],
    [coded("UNABLE_TO_VERIFY_LEAF_SIGNATURE"), "tls"],
    [coded("ERR_SSL_WRONG_VERSION_NUMBER"), "tls"],
    [coded("EPROTO"), "tls"],
    [coded("HPE_INVALID_CONSTANT"), "bad_response"],
    [coded("HPE_HEADER_OVERFLOW"), "bad_response"],
    [coded("UND_ERR_HEADERS_OVERFLOW"), "bad_response"],
    [coded("UND_ERR_RES_CONTENT_LENGTH_MISMATCH"), "bad_response"],
    [coded("UND_ERR_CONNECT_TIMEOUT"), "timeout"],
    [coded("UND_ERR_HEADERS_TIMEOUT"), "timeout"],
    [coded("UND_ERR_SOCKET"), "network"],
    [new TypeError("fetch failed", { cause: coded("CERT_HAS_EXPIRED") }), "tls"],
    [new TypeError("fetch failed", { cause: new Error("x", { cause: coded("ENOTFOUND") }) }), "network"],
    [new TypeError("error sending request: invalid peer certificate: UnknownIssuer"), "tls"],
    [new TypeError("Failed to fetch"), "network"],
    ["text", "network"],
    [undefined, "network"],
  ])("sorts %o as %s", (error, kind) => {
    const mapped = toHttpError(error, "vault.example", "waiting");
    expect([mapped.kind, mapped.code]).toEqual([kind, `ERR_HTTP_${kind.toUpperCase()}`]);
    expect(mapped.retryable).toBe(kind === "network" || kind === "timeout");
    expect(CodedError.isInstance(mapped)).toBe(true);
  });

  it("names host, phase and code", () => {
    expect(toHttpError(coded("EPIPE"), "h:1", "reading").message).toBe("h:1: reading failed (EPIPE)");
    expect(toHttpError(coded("ENOTFOUND"), "h", "reading").message).toBe("h: connecting failed (ENOTFOUND)");
    expect(toHttpError(coded("EPROTO"), "h", "x").message).toBe("h: securing the connection failed (EPROTO)");
    expect(toHttpError(coded("UNABLE_TO_VERIFY_LEAF_SIGNATURE"), "h", "x").message).toMatch(/option `ca`$/);
    expect(toHttpError(coded("CERT_HAS_EXPIRED"), "h", "x").message).not.toContain("`ca`");
    expect(toHttpError({}, "h", "reading").message).toBe("h: reading failed");
  });

  it("keeps the cause, but not one that carries received bytes", () => {
    const plain = coded("ECONNRESET");
    expect(toHttpError(plain, "h", "p").cause).toBe(plain);
    const parser = Object.assign(coded("HPE_INVALID_CONSTANT"), { rawPacket: new Uint8Array(3) });
    expect(toHttpError(parser, "h", "p").cause).toBeUndefined();
    expect(toHttpError(new Error("x", { cause: parser }), "h", "p").cause).toBeUndefined();
  });

  it("passes its own kind on and survives a circle of causes", () => {
    const own = new HttpError("proxy", "p");
    expect(toHttpError(own, "h", "p")).toBe(own);
    const circle = new Error("a");
    circle.cause = circle;
    expect(toHttpError(circle, "h", "p").kind).toBe("network");
  });
});

describe("hostOf", () => {
  it.each([
    ["https://u:p@vault.example:444/a?b#c", "vault.example:444"],
    ["https://[::1]/", "[::1]"],
    ["nonsense with spaces", "the server"],
  ])("%s → %s", (url, host) => {
    expect(hostOf(url)).toBe(host);
  });
});

describe("HttpError.isInstance", () => {
  it("knows errors of another copy of the package, and only HTTP errors", async () => {
    vi.resetModules();
    const copy = await import("../../src/http/http-error.ts");
    const foreign = new copy.HttpError("network", "h: reset", { reusedSocket: true });
    expect(foreign).not.toBeInstanceOf(HttpError);
    expect(HttpError.isInstance(foreign)).toBe(true);
    expect(toHttpError(foreign, "h", "waiting")).toBe(foreign);
    class OtherError extends CodedError {}
    for (const value of [
      new OtherError("ERR_OTHER", "x"),
      new Error("x"),
      null,
      undefined,
      {},
      "ERR_HTTP_X",
    ]) {
      expect(HttpError.isInstance(value)).toBe(false);
    }
  });
});
