import { describe, expect, it } from "vitest";
import { requireSymmetricKey } from "../../src/crypto/key-checks.ts";
import { keyInvalid } from "./providers.ts";

describe("requireSymmetricKey", () => {
  it("returns a key of 32 bytes", () => {
    const key = new Uint8Array(32);
    expect(requireSymmetricKey(key)).toBe(key);
  });

  it.each([0, 16, 24, 31, 33, 64])("refuses %i bytes", (length) => {
    expect(() => requireSymmetricKey(new Uint8Array(length), "folder key")).toThrow(
      keyInvalid(`The folder key must be 32 bytes, not ${length}.`),
    );
  });
});
