import { assert, property, string } from "fast-check";
import { describe, expect, it } from "vitest";
import { safeFileName } from "../../src/node/safe-file-name.ts";

const long = "x".repeat(300);
const cases: [given: string, expected: string][] = [
  ["report.pdf", "report.pdf"],
  ["Zürich 東京 🔐.txt", "Zürich 東京 🔐.txt"],
  [".env", ".env"],
  ["a.tar.gz", "a.tar.gz"],
  ["../../etc/passwd", ".._.._etc_passwd"],
  ["..\\..\\windows\\system32", ".._.._windows_system32"],
  ["/absolute", "_absolute"],
  ["C:\\boot.ini", "C__boot.ini"],
  ["..", "file"],
  [".", "file"],
  ["...", "file"],
  ["", "file"],
  ["   ", "file"],
  ["a\0b\nc\x7f\x85", "a_b_c__"],
  ['<>:"|?*', "_______"],
  ["ends with dots. . .", "ends with dots"],
  ["CON", "_CON"],
  ["con.txt", "_con.txt"],
  ["nul .txt", "_nul .txt"],
  ["LPT9.log", "_LPT9.log"],
  ["COM¹", "_COM¹"],
  ["CONIN$", "_CONIN$"],
  ["console.log", "console.log"],
  ["COM10", "COM10"],
  ["photo\u202Egnp.exe", "photo_gnp.exe"],
  ["broken\uD800surrogate", "broken_surrogate"],
];

describe("safeFileName", () => {
  it.each(cases)("%j becomes %j", (given, expected) => {
    expect(safeFileName(given)).toBe(expected);
  });

  it("shortens in the middle, between characters, and keeps the extension", () => {
    expect(safeFileName(`${long}.txt`)).toMatch(/^x{200,}\.txt$/);
    expect(safeFileName("🔐".repeat(100))).toMatch(/^(?:🔐){50,}$/u);
    expect(safeFileName(`a.${long}`)).toMatch(/^a\.x+$/);
  });

  it("uses the fallback", () => {
    expect(safeFileName("..", "uid")).toBe("uid");
  });

  it("always gives a plain name", () => {
    assert(
      property(string({ unit: "binary", maxLength: 400 }), (given) => {
        const name = safeFileName(given);
        expect(name).not.toMatch(/[/\\\0]|^\.{0,2}$|[. ]$/);
        expect(Buffer.byteLength(name)).toBeLessThanOrEqual(255);
        expect(safeFileName(name)).toBe(name);
      }),
    );
  });
});
