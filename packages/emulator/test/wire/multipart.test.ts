import { utf8Bytes, utf8Text } from "@ksmkit/common";
import { describe, expect, test } from "vitest";
import { parseMultipart } from "../../src/wire/multipart.ts";

const type = "multipart/form-data; boundary=XX";
const part = (name: string, value: string): string =>
  `--XX\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`;
const read = (body: string, contentType = type): [string, string][] | null =>
  parseMultipart(contentType, utf8Bytes(body))?.map(({ name, content }) => [name, utf8Text(content)]) ?? null;

describe("parseMultipart", () => {
  test.each<[string, string, [string, string][]]>([
    [
      "a standard form",
      `${part("a", "1")}${part("file", "content")}--XX--\r\n`,
      [
        ["a", "1"],
        ["file", "content"],
      ],
    ],
    ["a line break in front, as the official SDK sends", `\r\n${part("a", "1")}--XX--\r\n`, [["a", "1"]]],
    ["no line break at the end", `${part("a", "1")}--XX--`, [["a", "1"]]],
    ["an empty part", `${part("a", "")}--XX--`, [["a", ""]]],
    [
      "line breaks and dashes in the content",
      `${part("file", "\r\n--X\r\n\r\n--")}--XX--`,
      [["file", "\r\n--X\r\n\r\n--"]],
    ],
    ["no parts", "--XX--", []],
  ])("reads %s", (_name, body, expected) => {
    expect(read(body)).toEqual(expected);
  });

  test("reads a quoted boundary", () => {
    expect(read(`${part("a", "1")}--XX--`, 'multipart/form-data; charset=utf-8; boundary="XX"')).toEqual([
      ["a", "1"],
    ]);
  });

  test.each([
    ["another content type", part("a", "1"), "application/json"],
    ["a missing boundary", part("a", "1"), "multipart/form-data"],
    ["an empty body", "", type],
    ["text in front", `junk${part("a", "1")}--XX--`, type],
    ["no end", part("a", "1"), type],
    ["headers without an end", '--XX\r\nContent-Disposition: form-data; name="a"\r\n', type],
    ["a part without a name", "--XX\r\nContent-Disposition: form-data\r\n\r\n1\r\n--XX--", type],
    ["too many parts", `${part("a", "1").repeat(100)}--XX--`, type],
  ])("refuses %s", (_name, body, contentType) => {
    expect(read(body, contentType)).toBeNull();
  });
});
