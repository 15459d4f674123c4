import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { concatBytes, encodeHex } from "@ksmkit/common";
import { parsePrivateKey, writePkcs8 } from "../../src/crypto/p256-der.ts";
import { encodings, hex, point, scalar } from "./fixtures.ts";
import { keyInvalid } from "./providers.ts";

const full = form("PKCS#8 with public point");
const sec1 = form("SEC1");

function form(wanted: string): Uint8Array {
  const found = encodings.find(({ name }) => name === wanted);
  if (!found) throw new Error(`no encoding ${wanted}`);
  return found.bytes;
}

/** Replaces one stretch of a hexadecimal text, which must be there. */
function edit(bytes: Uint8Array, from: string, to: string): Uint8Array {
  const text = encodeHex(bytes);
  const [find, put] = [from.replaceAll(" ", ""), to.replaceAll(" ", "")];
  expect(text).toContain(find);
  return hex(text.replace(find, put));
}

describe("parsePrivateKey", () => {
  it.each(encodings)("reads $name, $length bytes", ({ bytes, length, holdsPoint }) => {
    expect(bytes).toHaveLength(length);
    expect(parsePrivateKey(bytes)).toEqual({ scalar, publicPoint: holdsPoint ? point : undefined });
  });

  it("reads SEC1 without a public point, since it names the curve", () => {
    const bytes = concatBytes(hex("3031 020101 0420"), scalar, hex("a00a06082a8648ce3d030107"));
    expect(parsePrivateKey(bytes)).toEqual({ scalar, publicPoint: undefined });
  });

  it("reads a key that stands inside a larger buffer", () => {
    const buffer = concatBytes(hex("ffff"), full, hex("ffff"));
    expect(parsePrivateKey(buffer.subarray(2, -2)).scalar).toEqual(scalar);
  });

  it.each([
    ["nothing", new Uint8Array(), "outer sequence"],
    ["one byte", hex("30"), "outer sequence"],
    ["text", new TextEncoder().encode("not a key"), "outer sequence"],
    ["33 bytes", new Uint8Array(33), "outer sequence"],
    ["a surplus byte after the outer sequence", concatBytes(full, hex("00")), "surplus"],
    ["an indefinite length", edit(full, "308187", "308087"), "outer sequence"],
    ["a length longer than the input", edit(full, "308187", "308188"), "outer sequence"],
    ["a length shorter than the content", edit(full, "308187", "308186"), "private key"],
    ["a two-byte length", edit(full, "308187", "30820087"), "outer sequence"],
    ["a long length where a short one fits", edit(full, "046d306b", "04816d306b"), "private key"],
    ["PKCS#8 version 2", edit(full, "020100", "020102"), "version"],
    ["an empty version", edit(form("PKCS#8"), "3041020100", "30400200"), "version"],
    ["an algorithm other than an EC key", edit(full, "2a8648ce3d0201", "2a864886f70d01"), "not P-256"],
    ["another curve", edit(full, "2a8648ce3d030107", "2a8648ce3d030106"), "not P-256"],
    ["another curve in the parameters", edit(sec1, "2a8648ce3d030107", "2a8648ce3d030106"), "not P-256"],
    ["another inner version", edit(full, "306b020101", "306b020100"), "EC key version"],
    ["a version in two bytes", edit(sec1, "3077020101", "307802020001"), "version"],
    ["a short scalar", edit(form("PKCS#8"), "020101042098", "02010104029876"), "scalar"],
    ["SEC1 without a curve", concatBytes(hex("3025 020101 0420"), scalar), "curve parameters"],
    ["a public key with unused bits", edit(full, "a14403420004", "a14403420104"), "public key"],
    ["a hybrid public point", edit(full, "a14403420004", "a14403420006"), "public key"],
    ["a public key without its bit string", edit(full, "a144034200", "a144044200"), "public key"],
    ["another tag after the scalar", edit(full, "a144034200", "a244034200"), "surplus"],
    [
      "parameters after the public point",
      concatBytes(hex("3077 020101 0420"), scalar, hex("a144034200"), point, hex("a00a06082a8648ce3d030107")),
      "curve parameters",
    ],
  ])("refuses %s", (_, bytes, part) => {
    expect(() => parsePrivateKey(bytes)).toThrow(keyInvalid(part));
  });

  it.each(encodings)("refuses $name cut short anywhere", ({ bytes, length }) => {
    // 32 bytes of anything are a scalar.
    const ends = Array.from({ length }, (_unused, end) => end).filter((end) => end !== 32);
    for (const end of ends) expect(() => parsePrivateKey(bytes.subarray(0, end))).toThrow(keyInvalid());
  });

  it("gives parts or its own error for any bytes", () => {
    const flips = fc.record({
      base: fc.constantFrom(...encodings.map(({ bytes }) => bytes)),
      edits: fc.array(fc.tuple(fc.nat(149), fc.nat(255)), { minLength: 1, maxLength: 4 }),
    });
    const mutated = flips.map(({ base, edits }) => {
      const bytes = base.slice();
      for (const [at, value] of edits) bytes[at % bytes.length] = value;
      return bytes;
    });
    fc.assert(
      fc.property(fc.oneof(mutated, fc.uint8Array({ maxLength: 300 })), (bytes) => {
        const outcome = outcomeOf(() => parsePrivateKey(bytes));
        expect([
          keyInvalid(),
          expect.objectContaining({ scalar: expect.any(Uint8Array) as Uint8Array }),
        ]).toContainEqual(outcome);
      }),
      { numRuns: 2000 },
    );
  });

  it("never quotes the key", () => {
    const bytes = edit(full, "020100", "020102");
    const message = String(outcomeOf(() => parsePrivateKey(bytes)));
    expect(message).not.toContain(encodeHex(scalar).slice(0, 8));
  });
});

describe("writePkcs8", () => {
  it("writes the form of 138 bytes", () => {
    expect(writePkcs8(scalar, point)).toEqual(full);
  });
});

function outcomeOf(run: () => unknown): unknown {
  try {
    return run();
  } catch (error) {
    return error;
  }
}
