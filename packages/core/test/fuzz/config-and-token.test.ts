import { CodedError, encodeBase64, encodeBase64Url, utf8Bytes } from "@ksmkit/common";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  formatConfigBase64,
  formatConfigJson,
  parseConfigBytes,
  parseConfigText,
} from "../../src/config/config-text.ts";
import { decodeConfigValues } from "../../src/config/config-values.ts";
import type { ConfigValues } from "../../src/config/storage.ts";
import { hostOption, resolveHost } from "../../src/protocol/host.ts";
import { parseOneTimeToken } from "../../src/token/one-time-token.ts";

const numRuns = process.env["KSMKIT_LONG"] === "1" ? 20_000 : 400;

/** Our own fixed words: a random input that consists of them is not a leak. */
const harmless = /^[\s\w.,:;'"()…[\]{}/=-]{0,7}$/;

/** What is wrong with how `work` fails: not our error, a cause that may hold content, a quoted part of the input. */
async function faultsOf(input: string, work: () => unknown): Promise<unknown[]> {
  try {
    await work();
    return [];
  } catch (error) {
    if (!CodedError.isInstance(error)) return [error];
    const parts = input
      .split(/[:\s"]+/)
      .filter((part) => !harmless.test(part) && error.message.includes(part));
    const ours = /^ERR_KSM_(?:CONFIG|TOKEN|ARGUMENT)_/.test(error.code) && error.cause === undefined;
    return ours ? parts : [error, ...parts];
  }
}

function sortedEntries(values: ConfigValues): [string, string][] {
  return Object.entries(values).toSorted(([a], [b]) => (a < b ? -1 : 1));
}

const text = fc.oneof(fc.string({ unit: "binary", maxLength: 200 }), fc.base64String(), fc.json());

describe("fuzz: configuration texts", () => {
  it("fail with our error or not at all, quoting nothing", async () => {
    await fc.assert(
      fc.asyncProperty(text, async (input) => {
        expect(await faultsOf(input, () => parseConfigText(input))).toEqual([]);
        expect(await faultsOf(input, () => parseConfigText(encodeBase64(utf8Bytes(input))))).toEqual([]);
        expect(await faultsOf(input, () => parseConfigText(`{"appKey":${input}}`))).toEqual([]);
      }),
      { numRuns },
    );
  });

  it("as bytes fail with our error or not at all", async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), async (bytes) => {
        expect(await faultsOf("", () => parseConfigBytes(bytes))).toEqual([]);
      }),
      { numRuns },
    );
  });

  it("survive formatting and parsing", () => {
    const key = fc.oneof(fc.constantFrom("hostname", "__proto__", "a/b"), fc.string({ unit: "binary" }));
    const pairs = fc.array(fc.tuple(key, fc.string({ unit: "grapheme" })), { maxLength: 8 });
    fc.assert(
      fc.property(pairs, (entries) => {
        const values = decodeConfigValues(Object.fromEntries(entries));
        const sorted = sortedEntries(values);
        expect(sortedEntries(parseConfigText(formatConfigJson(values)))).toEqual(sorted);
        expect(sortedEntries(parseConfigText(formatConfigBase64(values)))).toEqual(sorted);
      }),
      { numRuns },
    );
  });
});

describe("fuzz: one-time tokens", () => {
  const secret = fc.uint8Array({ minLength: 30, maxLength: 34 }).map(encodeBase64Url);
  const segment = fc.oneof(
    secret,
    fc.constantFrom("US", "h.example", "20", ""),
    fc.string({ unit: "binary" }),
  );
  const token = fc.oneof(
    fc.string({ unit: "binary" }),
    fc.array(segment, { maxLength: 5 }).map((segments) => segments.join(":")),
  );

  it("fail with our error or not at all, quoting nothing", async () => {
    await fc.assert(
      fc.asyncProperty(token, fc.option(segment, { nil: undefined }), async (input, hostname) => {
        const faults = await faultsOf(`${input} ${hostname ?? ""}`, () =>
          parseOneTimeToken(input, { hostname }),
        );
        expect(faults).toEqual([]);
      }),
      { numRuns },
    );
  });
});

describe("fuzz: hosts", () => {
  const host = fc.oneof(
    fc.string({ unit: "binary" }),
    fc.webUrl({ withQueryParameters: true }),
    fc.webAuthority({ withPort: true, withUserInfo: true, withIPv6: true }),
  );

  it("resolve to a plain authority or to nothing, and stay what they are when resolved again", async () => {
    await fc.assert(
      fc.asyncProperty(host, async (input) => {
        const resolved = resolveHost(input);
        expect(await faultsOf(input, () => hostOption(input))).toEqual([]);
        if (resolved === null) return;
        expect(resolved).toMatch(/^[a-z0-9_.[\]:-]+$/);
        expect(resolveHost(resolved)).toBe(resolved);
        const url = new URL(`https://${resolved}/api`);
        expect([url.username, url.search, url.hash, url.pathname]).toEqual(["", "", "", "/api"]);
      }),
      { numRuns },
    );
  });
});
