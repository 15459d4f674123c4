import { encodeBase64, encodeBase64Url } from "@ksmkit/common";
import { describe, expect, it } from "vitest";
import { provider } from "#crypto";
import { provider as webProvider } from "../../src/crypto/web/provider.ts";
import { ConfigError } from "../../src/errors/errors.ts";
import {
  customServerKey,
  defaultServerKey,
  isServerKeyId,
  serverKeyFor,
} from "../../src/protocol/server-keys.ts";

const refuse = (reason: string): ConfigError => new ConfigError("ERR_KSM_CONFIG_INVALID", reason);

/** The keys as published (ksm-protocol section 6.1). */
const published = {
  7: "BK9w6TZFxE6nFNbMfIpULCup2a8xc6w2tUTABjxny7yFmxW0dAEojwC6j6zb5nTlmb1dAx8nwo3qF7RPYGmloRM",
  8: "BKnhy0obglZJK-igwthNLdknoSXRrGB-mvFRzyb_L-DKKefWjYdFD2888qN1ROczz4n3keYSfKz9Koj90Z6w_tQ",
  9: "BAsPQdCpLIGXdWNLdAwx-3J5lNqUtKbaOMV56hUj8VzxE2USLHuHHuKDeno0ymJt-acxWV1xPlBfNUShhRTR77g",
  10: "BNYIh_Sv03nRZUUJveE8d2mxKLIDXv654UbshaItHrCJhd6cT7pdZ_XwbdyxAOCWMkBb9AZ4t1XRCsM8-wkEBRg",
  11: "BA6uNfeYSvqagwu4TOY6wFK4JyU5C200vJna0lH4PJ-SzGVXej8l9dElyQ58_ljfPs5Rq6zVVXpdDe8A7Y3WRhk",
  12: "BMjTIlXfohI8TDymsHxo0DqYysCy7yZGJ80WhgOBR4QUd6LBDA6-_318a-jCGW96zxXKMm8clDTKpE8w75KG-FY",
  13: "BJBDU1P1H21IwIdT2brKkPqbQR0Zl0TIHf7Bz_OO9jaNgIwydMkxt4GpBmkYoprZ_DHUGOrno2faB7pmTR7HhuI",
  14: "BJFF8j-dH7pDEw_U347w2CBM6xYM8Dk5fPPAktjib-opOqzvvbsER-WDHM4ONCSBf9O_obAHzCyygxmtpktDuiE",
  15: "BDKyWBvLbyZ-jMueORl3JwJnnEpCiZdN7yUvT0vOyjwpPBCDf6zfL4RWzvSkhAAFnwOni_1tQSl8dfXHbXqXsQ8",
  16: "BDXyZZnrl0tc2jdC5I61JjwkjK2kr7uet9tZjt8StTiJTAQQmnVOYBgbtP08PWDbecxnHghx3kJ8QXq1XE68y8c",
  17: "BFX68cb97m9_sweGdOVavFM3j5ot6gveg6xT4BtGahfGhKib-zdZyO9pwvv1cBda9ahkSzo1BQ4NVXp9qRyqVGU",
  18: "BNhngQqTT1bPKxGuB6FhbPTAeNVFl8PKGGSGo5W06xWIReutm6ix6JPivqnbvkydY-1uDQTr-5e6t70G01Bb5JA",
};

describe("serverKeyFor", () => {
  it.each(Object.entries(published))("gives key %s as published, on both platforms", (id, text) => {
    const key = serverKeyFor(id);
    expect(encodeBase64Url(key?.point ?? new Uint8Array())).toBe(text);
    const compressed = Uint8Array.from(key?.point.subarray(0, 33) ?? []);
    compressed[0] = 2 + ((key?.point[64] ?? 0) & 1);
    expect(encodeBase64Url(webProvider.expandPoint(compressed))).toBe(text);
  });

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
