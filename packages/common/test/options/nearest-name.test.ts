import { expect, it } from "vitest";
import { nearestName } from "../../src/options/nearest-name.ts";

const known = ["title", "uids", "folderUids", "timeoutMs", "signal", "lazy", "fresh"];

it.each([
  ["titel", "title"],
  ["tilte", "title"],
  ["Title", "title"],
  ["uid", "uids"],
  ["udis", "uids"],
  ["folderuid", "folderUids"],
  ["folder_uids", "folderUids"],
  ["timeout", "timeoutMs"],
  ["recordUids", "uids"],
  ["subtitle", "title"],
  ["ms", undefined],
  ["timeoutms", "timeoutMs"],
  ["singal", "signal"],
  ["freshh", "fresh"],
  ["lasy", "lazy"],
  ["x", undefined],
  ["", undefined],
  ["password", undefined],
  ["zzzz", undefined],
  ["constructor", undefined],
  ["u".repeat(65), undefined],
])("%s: %s", (name, nearest) => {
  expect(nearestName(name, known)).toBe(nearest);
});

it("prefers the nearest, then the first", () => {
  expect(nearestName("ports", ["posts", "port", "parts"])).toBe("posts");
  expect(nearestName("porta", ["sport", "port"])).toBe("port");
});

it("takes a swap of neighbours for one mistake", () => {
  expect(nearestName("ba", ["ab"])).toBe("ab");
  expect(nearestName("abcd", ["dcba"])).toBeUndefined();
});

it("finds nothing among no names", () => {
  expect(nearestName("uids", [])).toBeUndefined();
  expect(nearestName("uids", new Set(["uuids"]))).toBe("uuids");
});
