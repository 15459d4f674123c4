import { describe, expect, it } from "vitest";
import { concatBytes } from "@ksmkit/common";
import { writePkcs8 } from "../../src/crypto/p256-der.ts";
import { importPrivateKey } from "../../src/crypto/private-key.ts";
import { basePoint, encodings, one, order, orderLessOne, point, scalar } from "./fixtures.ts";
import { keyInvalid, providers } from "./providers.ts";

describe.each(providers)("importPrivateKey on %s", (_, crypto) => {
  it.each(encodings)("takes $name and writes PKCS#8", async ({ bytes }) => {
    const key = await importPrivateKey(bytes, crypto);
    expect(key.publicPoint).toEqual(point);
    expect(await crypto.exportPkcs8(key)).toEqual(writePkcs8(scalar, point));
  });

  it.each([
    ["scalar 1", one],
    ["the largest scalar", orderLessOne],
  ])("takes %s", async (_name, bytes) => {
    const key = await importPrivateKey(bytes, crypto);
    expect(key.publicPoint.subarray(0, 33)).toEqual(basePoint.subarray(0, 33));
  });

  it.each([
    ["scalar 0", new Uint8Array(32), "zero"],
    ["the order", order, "curve order"],
    ["all ones", new Uint8Array(32).fill(255), "curve order"],
    ["scalar 0 in PKCS#8", writePkcs8(new Uint8Array(32), point), "zero"],
    ["another key's point", writePkcs8(scalar, basePoint), "not its own"],
    [
      "a point off the curve",
      writePkcs8(scalar, concatBytes(point.subarray(0, 64), one.subarray(31))),
      "not its own",
    ],
  ])("refuses %s", async (_name, bytes, part) => {
    await expect(importPrivateKey(bytes, crypto)).rejects.toThrow(keyInvalid(part));
  });
});

describe("importPrivateKey", () => {
  it("uses the platform's provider unless told otherwise", async () => {
    expect((await importPrivateKey(scalar)).publicPoint).toEqual(point);
  });
});
