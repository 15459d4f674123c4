import { expect, it } from "vitest";
import { printable } from "../../src/text/printable.ts";

it.each([
  ["Web shop", "Web shop"],
  ["  Größe 大きさ 👩‍💻  ", "Größe 大きさ 👩 💻"],
  ["a\u001b[2J\u001b[31mb", "a [2J [31mb"],
  ["line\r\nline\u2028line\u2029line\u0085line", "line line line line line"],
  ["tab\tnul\0bel\u0007del\u007fcsi\u009b", "tab nul bel del csi"],
  ["to\u202egnp.exe\u2066x\u2069\u200bz\ufeff", "to gnp.exe x z"],
  ["half \ud800 of \udc00 it", "half   of   it"],
  ["\n\n", ""],
  ["", ""],
])("%j becomes %j", (text, shown) => {
  expect(printable(text)).toBe(shown);
});

it.each([[undefined], [null], [1], [{}], [["text"]]])("shows nothing of %o", (value) => {
  expect(printable(value)).toBe("");
});

it("cuts at the limit, never within a character", () => {
  expect(printable("x".repeat(600))).toBe("x".repeat(500));
  expect(printable("ab👩cd", 3)).toBe("ab");
  expect(printable("ab👩cd", 4)).toBe("ab👩");
});

it("looks at no more than four times the limit", () => {
  expect(printable(`${"\n".repeat(40)}x`, 10)).toBe("");
  expect(printable(`${"\n".repeat(39)}x`, 10)).toBe("x");
});
