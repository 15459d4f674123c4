import { connectionFailure, kmsFailure, loadSdk } from "@ksmkit/core/sealed";
import { describe, expect, it } from "vitest";

const key = { provider: "Some KMS", keyId: "key-1" };

function coded(code: string, options?: ErrorOptions & { name?: string }): Error {
  const error = Object.assign(new Error("socket", options), { code });
  if (options?.name !== undefined) error.name = options.name;
  return error;
}

describe("failures of key services", () => {
  it("say what failed, with which key and what helps", () => {
    const cause = new Error("inner");
    const error = kmsFailure("ERR_KSM_KMS_THROTTLED", { ...key, operation: "decrypting", cause });
    expect(error).toMatchObject({ ...key, code: "ERR_KSM_KMS_THROTTLED", retryable: true, cause });
    expect(error.message).toBe("Some KMS is throttling (decrypting, key key-1). Try again later.");
    const helped = kmsFailure("ERR_KSM_KMS_ACCESS_DENIED", {
      ...key,
      operation: "Encrypt",
      help: "Ask Ann.",
    });
    expect(helped).toMatchObject({
      retryable: false,
      message: "Some KMS denies access (Encrypt, key key-1). Ask Ann.",
    });
  });

  it.each([
    [coded("ECONNREFUSED"), "ERR_KSM_KMS_UNAVAILABLE"],
    [coded("ECONNRESET", { name: "TimeoutError" }), "ERR_KSM_KMS_UNAVAILABLE"],
    [new TypeError("fetch failed", { cause: coded("ENOTFOUND") }), "ERR_KSM_KMS_UNAVAILABLE"],
    [coded("UND_ERR_HEADERS_TIMEOUT"), "ERR_KSM_KMS_TIMEOUT"],
    [new DOMException("late", "TimeoutError"), "ERR_KSM_KMS_TIMEOUT"],
    [coded("ERR_ANYTHING"), undefined],
    [new Error("plain"), undefined],
    ["text", undefined],
  ])("sorts what kept a request from being answered: %s", (error, code) => {
    expect(connectionFailure(error)).toBe(code);
  });

  it("tell a missing SDK from one that does not load", async () => {
    const name = "no-such-sdk";
    const absent = loadSdk(name, () => import(name), key);
    await expect(absent).rejects.toMatchObject({
      code: "ERR_KSM_KMS_SDK_MISSING",
      message: expect.stringContaining("Install the package no-such-sdk") as string,
    });
    const broken = loadSdk("broken-sdk", () => Promise.reject(new SyntaxError("inside")), key);
    await expect(broken).rejects.toMatchObject({
      code: "ERR_KSM_KMS_SDK_MISSING",
      message: expect.stringContaining("does not load") as string,
    });
    await expect(loadSdk("present", async () => "sdk", key)).resolves.toBe("sdk");
  });
});
