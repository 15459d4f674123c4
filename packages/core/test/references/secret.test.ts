import { format, inspect } from "node:util";
import { serialize } from "node:v8";
import { describe, expect, it } from "vitest";
import { Secret } from "../../src/records/secret.ts";

const value = "c0rrect horse";
const object = { hostName: value };

describe("Secret", () => {
  it.each([
    ["text", value],
    ["bytes", new TextEncoder().encode(value)],
    ["an object", object],
  ])("shows nothing of %s however it is printed", (_kind, held) => {
    const secret = new Secret<unknown>(held);
    const shown = [
      inspect(secret),
      inspect({ deep: [secret] }, { depth: null, showHidden: true }),
      inspect(secret, { customInspect: false, showHidden: true, getters: true }),
      JSON.stringify(secret),
      JSON.stringify({ deep: [secret] }),
      // oxlint-disable-next-line typescript/restrict-template-expressions -- what is tested
      `${secret}`,
      String(secret),
      // oxlint-disable-next-line typescript/restrict-plus-operands, prefer-template -- what is tested
      "" + secret,
      [secret].join(),
      format("%s %d %i %j %o %O", secret, secret, secret, secret, secret, secret),
      serialize(secret).toString("latin1"),
      inspect(structuredClone(secret)),
      Object.entries(secret).join(),
    ];
    for (const text of shown) {
      expect(text).not.toContain("horse");
      expect(text).not.toContain("104"); // the byte of h
    }
    expect(inspect(secret)).toBe("[redacted]");
    // oxlint-disable-next-line typescript/restrict-template-expressions -- what is tested
    expect(`${secret}`).toBe("[redacted]");
    expect(JSON.stringify({ secret })).toBe('{"secret":"[redacted]"}');
  });

  it("hands the value to a function and gives what that returns", async () => {
    const secret = new Secret(value);
    expect(secret.use((text) => text.length)).toBe(13);
    await expect(secret.use(async (text) => text)).resolves.toBe(value);
    expect(() =>
      secret.use(() => {
        throw new RangeError("mine");
      }),
    ).toThrow(RangeError);
    await expect(secret.use(() => Promise.reject(new RangeError("mine")))).rejects.toThrow("mine");
  });

  it("refuses use after dispose with a coded error", () => {
    let kept: Secret;
    {
      using secret = new Secret(value);
      kept = secret;
      expect(secret.isDisposed).toBe(false);
    }
    expect(kept.isDisposed).toBe(true);
    expect(() => kept.use((text) => text)).toThrow(
      expect.objectContaining({ name: "SecretError", code: "ERR_KSM_SECRET_DISPOSED" }),
    );
    expect(() => kept.dispose()).not.toThrow();
  });

  it("overwrites bytes at dispose", () => {
    const bytes = Uint8Array.of(1, 2, 3);
    new Secret(bytes).dispose();
    expect(bytes).toEqual(Uint8Array.of(0, 0, 0));
  });

  it("overwrites bytes that are in use only when the use has ended", async () => {
    const bytes = Uint8Array.of(1, 2, 3);
    const secret = new Secret(bytes);
    let open = (): void => {};
    const gate = new Promise<void>((resolve) => {
      open = resolve;
    });
    const using = secret.use(async (held) => {
      await gate;
      return [...held];
    });
    secret.use((held) => {
      secret.dispose();
      expect(held[0]).toBe(1);
    });
    expect(bytes[0]).toBe(1);
    open();
    expect(await using).toEqual([1, 2, 3]);
    expect(bytes).toEqual(Uint8Array.of(0, 0, 0));
  });

  it("overwrites bytes after a use that failed", () => {
    const bytes = Uint8Array.of(1);
    const secret = new Secret(bytes);
    expect(() =>
      secret.use(() => {
        secret.dispose();
        throw new RangeError("mine");
      }),
    ).toThrow("mine");
    expect(bytes[0]).toBe(0);
  });
});
