import { encodeBase64, encodeBase64Url } from "@ksmkit/common";
import { describe, expect, it } from "vitest";
import { provider } from "#crypto";
import { ConfigError } from "../../src/errors/config-error.ts";
import {
  customServerKey,
  defaultServerKey,
  isServerKeyId,
  serverKeyFor,
} from "../../src/protocol/server-keys.ts";

const refuse = (reason: string): ConfigError => new ConfigError("ERR_KSM_CONFIG_INVALID", reason);

describe("serverKeyFor", () => {
  const ids = Array.from({ length: 12 }, (_, i) => String(7 + i));

  it.each(ids)("knows %s, a point on the curve", async (id) => {
    const key = serverKeyFor(id);
    expect(key).toMatchObject({ id, custom: false });
    const { point } = await provider.importPoint(key!.point);
    expect(encodeBase64(point)).toBe(encodeBase64(key!.point));
  });

  it("holds twelve different keys", () => {
    expect(new Set(ids.map((id) => encodeBase64(serverKeyFor(id)!.point))).size).toBe(12);
  });

  it.each(["1", "2", "3", "4", "5", "6"])("gives key 7 for its old name %s", (id) => {
    expect(serverKeyFor(id)).toEqual(serverKeyFor("7"));
  });

  it.each(["0", "19", "99", "", "07", "-7", "7.0", " 7", "seven", "constructor", "__proto__", "12345678901"])(
    "does not know %j",
    (id) => {
      expect(serverKeyFor(id)).toBeUndefined();
    },
  );

  it("defaults to 10", () => {
    expect(defaultServerKey()).toEqual(serverKeyFor("10"));
  });
});

describe("customServerKey", () => {
  const { point } = defaultServerKey();

  it.each([
    ["base64url", encodeBase64Url(point)],
    ["base64", encodeBase64(point)],
    ["wrapped text", `${encodeBase64(point).slice(0, 40)}\n ${encodeBase64(point).slice(40)}\n`],
  ])("reads %s", async (_what, text) => {
    expect(await customServerKey(text, "99", refuse)).toEqual({ id: "99", point, custom: true });
  });

  it("has the default id when none is given", async () => {
    expect(await customServerKey(encodeBase64(point), undefined, refuse)).toMatchObject({ id: "10" });
  });

  const compressed = Uint8Array.of(2, ...point.subarray(1, 33));
  const offCurve = Uint8Array.from(point);
  offCurve[64] = (offCurve[64] ?? 0) ^ 1;
  it.each([
    ["a compressed point", compressed],
    ["a point with a byte more", Uint8Array.of(...point, 0)],
    ["a point with a byte less", point.subarray(0, 64)],
    ["a point with another first byte", Uint8Array.of(3, ...point.subarray(1))],
    ["a point off the curve", offCurve],
    ["zeros", new Uint8Array(65)],
    ["nothing", new Uint8Array()],
  ])("refuses %s", async (_what, bytes) => {
    const text = encodeBase64Url(bytes);
    await expect(customServerKey(text, "20", refuse)).rejects.toThrow("65-byte uncompressed P-256 point");
  });

  it.each(["0", "-1", "007", "", "1e3", "20 "])("refuses the id %j", async (id) => {
    expect(isServerKeyId(id)).toBe(false);
    await expect(customServerKey(encodeBase64(point), id, refuse)).rejects.toThrow("positive integer");
  });

  it("refuses what is not base64 without quoting it", async () => {
    await expect(customServerKey("§secret§", "20", refuse)).rejects.toThrow(
      /^the server public key is not base64$/,
    );
  });
});
