import { HttpError } from "@ksmkit/common";
import { describe, expect, it } from "vitest";
import { exchangeError, readRefusal, refusalError, type Refusal } from "../../src/transport/refusal.ts";

const answer = (body: string | Uint8Array, status = 403) => ({
  status,
  header: () => null,
  bytes: typeof body === "string" ? new TextEncoder().encode(body) : body,
});
const read = (body: unknown, status?: number): Refusal => readRefusal(answer(JSON.stringify(body), status));

describe("readRefusal", () => {
  it.each([
    [{ error: "access_denied" }, "access_denied"],
    [{ result_code: "throttled" }, "throttled"],
    [{ result_code: "throttled", error: "key" }, "throttled"],
    [{ result_code: "", error: "key" }, "key"],
    [{ result_code: null, error: "key" }, "key"],
    [{ result_code: 5, error: "key" }, "key"],
    [{ error: 5 }, "http_error"],
    [{ error: "x".repeat(300) }, "x".repeat(64)],
    [{}, "http_error"],
    [[], "http_error"],
    [null, "http_error"],
    [42, "http_error"],
    ["throttled", "http_error"],
    [{ constructor: "x", __proto__: { error: "key" } }, "http_error"],
  ])("%j has the code %s", (body, code) => {
    expect(read(body).resultCode).toBe(code);
  });

  it.each(["", "<html>Bad gateway</html>", '{"error":"key"', "\u0000", "\uFEFF{}"])(
    "takes %j as unnamed",
    (text) => {
      expect(readRefusal(answer(text)).resultCode).toBe("http_error");
    },
  );

  it("reads bodies up to 64 KiB, whole, and nothing longer", () => {
    const body = (length: number): string =>
      JSON.stringify({ path: "p".repeat(length), error: "key", key_id: 8 });
    expect(readRefusal(answer(body(60_000)))).toMatchObject({ resultCode: "key", keyId: "8" });
    expect(readRefusal(answer(body(70_000))).resultCode).toBe("http_error");
  });

  it.each([
    [8, "8"],
    ["9", "9"],
    [" 9 ", "9"],
    [0, ""],
    ["08", ""],
    [-8, ""],
    [8.5, ""],
    [1e30, ""],
    [null, ""],
    [true, ""],
    [[8], ""],
    ["8; DROP", ""],
    [undefined, ""],
  ])("key_id %j is %j", (keyId, expected) => {
    expect(read({ error: "key", key_id: keyId }).keyId).toBe(expected);
  });

  it.each([
    [2, 2],
    [0.5, 0.5],
    ["3", 3],
    ["3.5", 3.5],
    [0, undefined],
    [-1, undefined],
    ["-1", undefined],
    ["soon", undefined],
    ["1e9", undefined],
    [null, undefined],
    [[3], undefined],
  ])("retry_after %j is %j s", (value, expected) => {
    expect(read({ error: "throttled", retry_after: value }).retryAfterSeconds).toBe(expected);
  });

  it("ignores an infinite wait", () => {
    expect(readRefusal(answer('{"retry_after":1e400}')).retryAfterSeconds).toBeUndefined();
  });

  it("makes the service's text printable and bounds it", () => {
    const { message, additionalInfo } = read({
      message: "a\u001b[31mb\r\nc\u202Ed\u2028e\u0000",
      additional_info: "y".repeat(900),
    });
    expect(message).toBe("a [31mb c d e");
    expect(additionalInfo).toHaveLength(500);
  });
});

describe("refusalError", () => {
  it.each<[unknown, number, string, string]>([
    [
      { error: "access_denied", message: "Signature is invalid" },
      403,
      "ERR_KSM_TRANSPORT_ACCESS_DENIED",
      "Signature is invalid",
    ],
    [
      { error: "invalid_client_version", additional_info: "no id", message: "m" },
      400,
      "ERR_KSM_TRANSPORT_CLIENT_VERSION",
      "no id",
    ],
    [{ error: "invalid_client_version", message: "m" }, 400, "ERR_KSM_TRANSPORT_CLIENT_VERSION", ": m"],
    [{ error: "out_of_sync" }, 400, "ERR_KSM_TRANSPORT_OUT_OF_SYNC", "Fetch the record again"],
    [
      { error: "bad_request", message: "Revision mismatch" },
      400,
      "ERR_KSM_TRANSPORT_OUT_OF_SYNC",
      "Revision mismatch",
    ],
    [
      { error: "bad_request", additional_info: "stale revision" },
      409,
      "ERR_KSM_TRANSPORT_OUT_OF_SYNC",
      "stale revision",
    ],
    [
      { error: "bad_request", message: "bad revision format" },
      400,
      "ERR_KSM_TRANSPORT_REFUSED",
      "(bad_request)",
    ],
    [{ error: "token_expired" }, 401, "ERR_KSM_TRANSPORT_REFUSED", "(token_expired)"],
    [{ error: "throttled" }, 500, "ERR_KSM_TRANSPORT_REFUSED", "(throttled)"],
    [{ message: "hello" }, 404, "ERR_KSM_TRANSPORT_REFUSED", "with status 404: hello"],
    [[], 302, "ERR_KSM_TRANSPORT_REFUSED", "with status 302"],
  ])("%j with %i is %s", (body, status, code, part) => {
    const error = refusalError(read(body, status), "get_secret");
    expect(error).toMatchObject({ code, status, endpoint: "get_secret", retryable: status >= 500 });
    expect(error.message).toContain("get_secret");
    expect(error.message).toContain(part);
  });

  it("tells the service's own words apart from ours", () => {
    const error = refusalError(read({ error: "x", message: "m", additional_info: "info" }), "get_secret");
    expect(error).toMatchObject({
      resultCode: "x",
      additionalInfo: "info",
      message: "The service refused get_secret (x): m",
    });
  });
});

describe("exchangeError", () => {
  const unreachable = (host: string): string =>
    exchangeError("get_secret", new HttpError("network", `${host}: resolving the name failed`), host).message;

  it.each(["zz", "xx", "uk", "usa"])("says that %s is no region", (host) => {
    expect(unreachable(host)).toBe(
      `Calling get_secret failed: ${host}: resolving the name failed. There is no region ${host.toUpperCase()}; the regions are US, EU, AU, GOV, JP, CA, IL5.`,
    );
  });

  it.each(["keepersecurity.zz", "zz:8443", "vault", "localhost", "127.0.0.1", "x1"])(
    "says nothing about regions for %s",
    (host) => {
      expect(unreachable(host)).not.toContain("region");
    },
  );
});
