import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { decodeBase64, encodeBase64, encodeBase64Url, encodeHex, platformRandom } from "@ksmkit/common";
import { expect, test } from "vitest";
import { VaultOwner } from "../src/owner/vault-owner.ts";
import { recordKeyOf } from "../src/owner/read-record.ts";
import { defaultSeed } from "../src/seed/default-seed.ts";
import { parseSeed } from "../src/seed/seed-schema.ts";
import type { ParsedRecord } from "../src/seed/parsed-seed.ts";
import { newVaultState } from "../src/state/new-state.ts";
import { encodeServer } from "../src/state/snapshot.ts";

function leaves(value: unknown): string[] {
  if (typeof value === "string") return [value];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(leaves) : [];
}

/** Everything a record says, as text. */
function recordTexts({ document, files }: ParsedRecord): string[] {
  const texts = [document.title];
  for (const { value, label } of [...document.fields, ...document.custom]) {
    texts.push(...value.flatMap(leaves), label ?? "");
  }
  for (const { name, title, content } of files) texts.push(name, title, encodeBase64(content));
  return texts;
}

const source = join(import.meta.dirname, "../src");

test("the server part's state shows no key of the owner, no token, no title, no name, no value", async () => {
  const seed = parseSeed(defaultSeed());
  const { server, owner: keys } = newVaultState(seed.title, [10], platformRandom);
  const save = (): Promise<void> => Promise.resolve();
  const owner = new VaultOwner({ keys, state: server, random: platformRandom, clock: Date.now, save });
  await owner.applySeed(seed);
  const token = await owner.newToken();
  const state = JSON.stringify(encodeServer(server));

  const keyBytes = [
    keys.appKey,
    keys.dataKey,
    keys.keyPair.privateKey,
    decodeBase64(token) ?? new Uint8Array(),
    ...[...server.records.values()].map((record) => recordKeyOf(keys, record)),
  ];
  const secrets = [
    ...keyBytes.flatMap((bytes) => [
      encodeBase64(bytes).slice(0, 42),
      encodeBase64Url(bytes),
      encodeHex(bytes),
    ]),
    ...seed.folders.map(({ name }) => name),
    seed.title,
    ...seed.records.flatMap(recordTexts),
    // Words this short are bound to occur somewhere in base64.
  ].filter((text) => text.length > 5);
  expect(secrets.length).toBeGreaterThan(60);
  for (const secret of secrets) expect(state).not.toContain(secret);
});

test("the server part never imports the owner part", () => {
  const serverRooms = ["vault", "endpoints", "api"];
  const files = serverRooms.flatMap((room) =>
    readdirSync(join(source, room)).map((name) => join(source, room, name)),
  );
  expect(files.length).toBeGreaterThan(15);
  const owning = files.filter((file) => /from "\.\.\/(owner|state|seed)\//.test(readFileSync(file, "utf8")));
  expect(owning).toEqual([]);
});
