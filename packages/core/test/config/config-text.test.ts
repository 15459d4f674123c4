import { decodeBase64, utf8Bytes } from "@ksmkit/common";
import { describe, expect, it } from "vitest";
import {
  formatConfigBase64,
  formatConfigJson,
  maxConfigSize,
  parseConfigBytes,
  parseConfigText,
} from "../../src/config/config-text.ts";
import { decodeConfigValues, sameConfig } from "../../src/config/config-values.ts";
import { ConfigError } from "../../src/errors/errors.ts";

const secret = "c2VjcmV0LXZhbHVl";

describe("parseConfigText", () => {
  it.each([
    ["nothing", ""],
    ["a blank", " \n"],
    ["a lone byte order mark", "\ufeff"],
    ["JSON that ends early", `{"appKey":"${secret}`],
    ["JSON with an unquoted value", `{"appKey":${secret}}`],
    ["an array", `["${secret}"]`],
    ["base64 of a text", secret],
    ["base64 of an array", btoa(`["${secret}"]`)],
    ["two layers of base64", btoa(btoa(`{"appKey":"${secret}"}`))],
    ["base64 of bytes that are no UTF-8", "eyJhcHBLZXkiOiL//yJ9"],
    ["base64 with surplus padding", `${btoa('{"a":"b"}')}====`],
    ["an object as a value", `{"appKey":{"x":"${secret}"}}`],
    ["an array as a value", `{"appKey":["${secret}"]}`],
    ["an unknown key that looks like content", `{"${secret}":[]}`],
    ["a text above the limit", `{"a":"${"x".repeat(maxConfigSize)}"}`],
    ["a million brackets", "[".repeat(maxConfigSize)],
    ["nested brackets in an object", `{"a":${"[".repeat(200_000)}`],
  ])("refuses %s without quoting it", (_what, text) => {
    const error = catchError(() => parseConfigText(text));
    expect(error).toBeInstanceOf(ConfigError);
    expect(error).toMatchObject({ code: "ERR_KSM_CONFIG_INVALID" });
    expect(error).not.toHaveProperty("cause");
    expect(String(error)).not.toContain(secret);
  });

  it.each([undefined, null, 1, {}, []])("refuses %j, which is no text", (value: unknown) => {
    expect(() => parseConfigText(value as string)).toThrow(
      expect.objectContaining({ code: "ERR_KSM_CONFIG_INVALID" }),
    );
  });

  it("names a known key that holds no text", () => {
    expect(() => parseConfigText('{"appKey":[]}')).toThrow("'appKey'");
  });

  it("turns numbers and booleans into texts and drops null and empty", () => {
    const text = '{"serverPublicKeyId":10,"flag":false,"zero":0,"none":null,"empty":""}';
    expect(parseConfigText(text)).toEqual({ serverPublicKeyId: "10", flag: "false", zero: "0" });
  });

  it("keeps a key named __proto__ as data", () => {
    const values = parseConfigText('{"__proto__":"x","hostname":"h"}');
    expect(Object.entries(values)).toEqual([
      ["__proto__", "x"],
      ["hostname", "h"],
    ]);
    expect(parseConfigText(formatConfigJson(values))).toEqual(values);
    expect(formatConfigJson(values)).toContain('"__proto__": "x"');
  });

  it("reads bytes with and without a byte order mark", () => {
    expect(parseConfigBytes(utf8Bytes('\ufeff{"hostname":"é.example"}'))).toEqual({ hostname: "é.example" });
    expect(() => parseConfigBytes(Uint8Array.of(0xff, 0xfe, 0x7b))).toThrow("not UTF-8");
  });
});

describe("formatting", () => {
  const values = { hostname: "h.example", "extra/key": 'q"\\ é' };

  it("writes indented JSON that ends with a line break", () => {
    expect(formatConfigJson({ hostname: "h.example" })).toBe('{\n  "hostname": "h.example"\n}\n');
    expect(parseConfigText(formatConfigJson(values))).toEqual(values);
  });

  it("writes one line of padded base64", () => {
    const text = formatConfigBase64(values);
    expect(text).toMatch(/^[A-Za-z0-9+/]+=*$/);
    expect(decodeBase64(text)?.[0]).toBe(0x7b);
    expect(parseConfigText(text)).toEqual(values);
  });
});

describe("sameConfig", () => {
  it.each([
    [{}, {}, true],
    [{ a: "1", b: "2" }, { b: "2", a: "1" }, true],
    [{ a: "1" }, { a: "2" }, false],
    [{ a: "1" }, { b: "1" }, false],
    [{ a: "1" }, {}, false],
    [{}, { constructor: "1" }, false],
    [{ constructor: "1" }, { a: "1" }, false],
  ])("%j and %j: %s", (a, b, same) => {
    expect(sameConfig(decodeConfigValues(a), decodeConfigValues(b))).toBe(same);
  });
});

function catchError(work: () => unknown): unknown {
  try {
    return work();
  } catch (error) {
    return error;
  }
}
