/** Binding and reading: the same scripts against the official package and ours, the same results. */
import type { Vault } from "@ksmkit/emulator";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { SecretManagerOptions } from "../src/index.ts";
import { newDevice, sdks, startLocalVault } from "./support/sdks.ts";

let vault: Vault;
let officially: SecretManagerOptions;
let mine: SecretManagerOptions;

beforeAll(async () => {
  vault = await startLocalVault();
  sdks.official.initialize("17.5.0");
  officially = await newDevice(sdks.official, vault, 0);
  mine = await newDevice(sdks.ours, vault, 1);
});
afterAll(() => vault.close());

describe("getSecrets", () => {
  it("binds with the token and gives what the official package gives", async () => {
    const expected = await sdks.official.getSecrets(officially);
    const got = await sdks.ours.getSecrets(mine);
    expect(withoutUrls(got)).toStrictEqual(withoutUrls(expected));
    expect(got.records.length).toBeGreaterThan(5);
  });
});

/** Addresses of files are signed anew for each answer. */
function withoutUrls(value: object): unknown {
  return JSON.parse(
    JSON.stringify(value, (key, member: unknown) =>
      /url$/i.test(key) && typeof member === "string" ? "url" : member,
    ),
  );
}
