import { describe, expect, it } from "vitest";
import { utf8Text as nodeText } from "../../src/encoding/utf8-node.ts";
import { utf8Text as webText } from "../../src/encoding/utf8-web.ts";

/** The encoding standard's replacement rule: one U+FFFD for each maximal part of a broken sequence. */
const broken: [name: string, bytes: number[], text: string][] = [
  ["a lone continuation byte", [0x80], "\ufffd"],
  ["two continuation bytes", [0x80, 0xbf], "\ufffd\ufffd"],
  ["a byte that UTF-8 never uses", [0xff, 0x41], "\ufffdA"],
  ["an overlong slash", [0xc0, 0xaf], "\ufffd\ufffd"],
  ["a cut three-byte sequence", [0xe2, 0x82], "\ufffd"],
  ["a cut four-byte sequence before a letter", [0xf0, 0x9f, 0x98, 0x41], "\ufffdA"],
  ["a surrogate half", [0xed, 0xa0, 0x80], "\ufffd\ufffd\ufffd"],
  ["a code point past the last", [0xf4, 0x90, 0x80, 0x80], "\ufffd\ufffd\ufffd\ufffd"],
];

describe.each([
  ["node", nodeText],
  ["web", webText],
])("UTF-8 on %s", (_name, utf8Text) => {
  it.each(broken)("replaces %s", (_what, bytes, text) => {
    expect(utf8Text(Uint8Array.from(bytes))).toBe(text);
  });

  it("reads a view into a larger buffer", () => {
    expect(utf8Text(new TextEncoder().encode("<<in>>").subarray(2, 4))).toBe("in");
  });
});

it("is the same on both for every pair of lead and second byte", () => {
  const differing: number[][] = [];
  for (let lead = 0x7f; lead < 256; lead++) {
    for (let second = 0; second < 256; second++) {
      const bytes = Uint8Array.of(lead, second, 0x80, 0x41, lead);
      if (nodeText(bytes) !== webText(bytes)) differing.push([lead, second]);
    }
  }
  expect(differing).toEqual([]);
});
