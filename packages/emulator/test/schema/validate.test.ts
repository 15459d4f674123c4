import { describe, expect, test } from "vitest";
import * as v from "valibot";
import { object, validate } from "../../src/schema/validate.ts";
import {
  blob,
  integer,
  list,
  optionalBytes,
  optionalText,
  optionalUid,
  text,
} from "../../src/schema/values.ts";

const toError = (sentence: string): Error => new Error(sentence);

describe("the first fault is named by its place and the expected form", () => {
  const schema = object({ items: list(object({ name: text, size: v.nullish(integer(1, 9)) })) });
  test.each<[unknown, string]>([
    [null, "the document must be an object"],
    [[], "the document must be an object"],
    [{ items: {} }, "items must be a list"],
    [{ items: [1] }, "items[0] must be an object"],
    [{ items: [{ name: "a" }, {}] }, "items[1].name must be text"],
    [{ items: [{ name: "" }] }, "items[0].name must be text"],
    [{ items: [{ name: "a", size: 0 }] }, "items[0].size must be an integer of at least 1"],
    [{ items: [{ name: "a", size: 2.5 }] }, "items[0].size must be an integer of at least 1"],
    [{ items: [{ name: "a", size: 10 }] }, "items[0].size must be at most 9"],
  ])("%j", (document, sentence) => {
    expect(() => validate(schema, document, { toError })).toThrow(sentence);
  });

  test("inside a larger document", () => {
    expect(() => validate(schema, { items: [{}] }, { toError, place: "top" })).toThrow("top.items[0].name");
  });
});

describe("absent, null and empty are the same", () => {
  const schema = object({ uid: optionalUid, bytes: optionalBytes, text: optionalText });
  test.each([{}, { uid: null, bytes: null, text: null }, { uid: "", bytes: "", text: "" }])(
    "%j",
    (document) => {
      const output = validate(schema, document, { toError });
      expect([output.uid, output.bytes, output.text]).toEqual([undefined, undefined, undefined]);
    },
  );
});

test("blobs come in either base64 alphabet and leave in the standard one", () => {
  const schema = object({ data: blob(2) });
  expect(validate(schema, { data: "-_8" }, { toError })).toEqual({ data: "+/8=" });
  for (const data of ["", "AA", "AAAA", "%", 5, undefined]) {
    expect(() => validate(schema, { data }, { toError })).toThrow(
      /^data must be (?:base64|a blob of 2 bytes)$/,
    );
  }
});
