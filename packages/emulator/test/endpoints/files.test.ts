import { encodeBase64, platformRandom as random, utf8Bytes, utf8Text } from "@ksmkit/common";
import { describe, expect, test } from "vitest";
import { startVault, type Vault } from "../../src/index.ts";
import { openGcm, sealGcm } from "../../src/wire/aes.ts";
import { sealEcies } from "../../src/wire/p256.ts";
import { generateUid } from "../../src/wire/identifiers.ts";
import { bytes, type Json, list, RawClient, recordsOf } from "../support/raw-client.ts";

interface Scene extends AsyncDisposable {
  vault: Vault;
  client: RawClient;
  record: Json;
  recordKey: Uint8Array;
  /** Moves the vault's clock. */
  pass: (ms: number) => void;
}

async function scene(): Promise<Scene> {
  let now = 1_700_000_000_000;
  const seed = {
    records: [{ type: "login", title: "holder", files: [{ name: "seed.txt", content: "from the seed" }] }],
  };
  const vault = await startVault({ listen: false, seed, tokens: 1, clock: () => now });
  const client = await RawClient.bound(vault);
  const record = recordsOf((await client.send("get_secret")).json)[0] ?? {};
  const recordKey = openGcm(client.appKey, bytes(record["recordKey"])) ?? new Uint8Array();
  const pass = (ms: number): void => {
    now += ms;
  };
  return { vault, client, record, recordKey, pass, [Symbol.asyncDispose]: () => vault.close() };
}

interface NewFile {
  payload: Json;
  sealed: Uint8Array;
  uid: string;
}

function newFile(at: Scene, text = "uploaded"): NewFile {
  const key = random(32);
  const sealed = sealGcm(key, utf8Bytes(text), random);
  const uid = generateUid(random);
  const payload = {
    fileRecordUid: uid,
    fileRecordKey: encodeBase64(sealEcies(at.client.ownerPublicKey, key, random) ?? new Uint8Array()),
    fileRecordData: encodeBase64(sealGcm(key, utf8Bytes('{"name":"up.txt","size":8}'), random)),
    ownerRecordUid: at.record["recordUid"],
    ownerRecordRevision: at.record["revision"],
    ownerRecordData: encodeBase64(sealGcm(at.recordKey, utf8Bytes('{"title":"holder","fields":[]}'), random)),
    linkKey: encodeBase64(sealGcm(at.recordKey, key, random)),
    fileSize: sealed.length,
  };
  return { payload, sealed, uid };
}

/** Sends the form that `add_file` returned, with a chance to change it. */
async function upload(
  at: Scene,
  response: Json,
  sealed: Uint8Array,
  change: (form: FormData, file: Blob) => void = (form, file) => form.append("file", file, "file"),
): Promise<number> {
  const form = new FormData();
  const parameters: unknown = JSON.parse(String(response["parameters"]));
  for (const [name, value] of Object.entries(Object(parameters))) form.append(name, String(value));
  change(form, new Blob([Buffer.from(sealed)]));
  return (await at.vault.fetch(String(response["url"]), { method: "POST", body: form })).status;
}

async function files(at: Scene): Promise<Json[]> {
  return list(recordsOf((await at.client.send("get_secret")).json)[0]?.["files"]);
}

test("add_file, upload, download: the content opens and the owner reads it", async () => {
  await using at = await scene();
  const { payload, sealed, uid } = newFile(at);
  const { status, json } = await at.client.send("add_file", payload);
  expect(status).toBe(200);
  expect(json).toMatchObject({ url: "https://vault.test/files/upload", successStatusCode: 201 });
  expect(await files(at)).toHaveLength(1);
  expect(await upload(at, json, sealed)).toBe(201);
  const file = (await files(at)).find((candidate) => candidate["fileUid"] === uid) ?? {};
  const response = await at.vault.fetch(String(file["url"]));
  expect(new Uint8Array(await response.arrayBuffer())).toEqual(new Uint8Array(sealed));
  const owned = at.vault.owner.readRecord(String(at.record["recordUid"]));
  expect(owned.data).toEqual({ title: "holder", fields: [] });
  expect(owned.files.map((entry) => utf8Text(entry.content ?? new Uint8Array()))).toEqual([
    "from the seed",
    "uploaded",
  ]);
  expect(owned.revision).toBeGreaterThan(Number(at.record["revision"]));
});

describe("add_file refuses", () => {
  test.each<[string, Json, string]>([
    ["a stale revision", { ownerRecordRevision: 1 }, "out_of_sync"],
    ["a used UID", { fileRecordUid: "owner" }, "bad_request"],
    ["an unknown owner record", { ownerRecordUid: "nope" }, "access_denied"],
    ["a file key of the wrong size", { fileRecordKey: encodeBase64(random(60)) }, "bad_request"],
    ["a link key of the wrong size", { linkKey: encodeBase64(random(61)) }, "bad_request"],
    ["no owner data", { ownerRecordData: null }, "bad_request"],
    ["no metadata", { fileRecordData: null }, "bad_request"],
    ["a size below a blob's", { fileSize: 27 }, "bad_request"],
    ["a size as text", { fileSize: "40" }, "bad_request"],
  ])("%s", async (_name, wrong, code) => {
    await using at = await scene();
    const response = await at.client.send("add_file", { ...newFile(at).payload, ...wrong });
    expect(response.json["error"]).toBe(code);
    expect(at.vault.owner.readRecord(String(at.record["recordUid"])).files).toHaveLength(1);
  });

  test("nothing without a revision, as the Go SDK sends it", async () => {
    await using at = await scene();
    expect(
      (await at.client.send("add_file", { ...newFile(at).payload, ownerRecordRevision: null })).status,
    ).toBe(200);
  });
});

describe("an upload is refused", () => {
  const cases: [string, number, (form: FormData, file: Blob) => void][] = [
    ["without a file", 400, () => undefined],
    [
      "when something follows the file",
      400,
      (form, file) => {
        form.append("file", file);
        form.append("late", "x");
      },
    ],
    [
      "with a forged signature",
      403,
      (form, file) => {
        form.set("signature", "x");
        form.append("file", file);
      },
    ],
    [
      "for another key",
      403,
      (form, file) => {
        form.set("key", "A".repeat(22));
        form.append("file", file);
      },
    ],
    [
      "with a later expiry",
      403,
      (form, file) => {
        form.set("expires", "9999999999999");
        form.append("file", file);
      },
    ],
    ["when it is of another size", 400, (form, file) => form.append("file", file.slice(1))],
  ];
  test.each(cases)("%s (%i)", async (_name, status, change) => {
    await using at = await scene();
    const { payload, sealed } = newFile(at);
    const { json } = await at.client.send("add_file", payload);
    expect(await upload(at, json, sealed, change)).toBe(status);
    expect(await files(at)).toHaveLength(1);
    expect(vaultOutcome(at)).toBe(`http_${status}`);
  });

  test("after an hour", async () => {
    await using at = await scene();
    const { payload, sealed } = newFile(at);
    const { json } = await at.client.send("add_file", payload);
    at.pass(3_600_000);
    expect(await upload(at, json, sealed)).toBe(403);
  });

  test("when it is no form", async () => {
    await using at = await scene();
    const response = await at.vault.fetch("https://vault.test/files/upload", { method: "POST", body: "x" });
    expect(response.status).toBe(400);
  });
});

function vaultOutcome(at: Scene): string | undefined {
  return at.vault.log.findLast((entry) => entry.endpoint === "upload")?.outcome;
}

describe("a download", () => {
  test("needs the signed URL, for an hour", async () => {
    await using at = await scene();
    const url = new URL(String((await files(at))[0]?.["url"]));
    const status = async (change: (url: URL) => void): Promise<number> => {
      const changed = new URL(url);
      change(changed);
      return (await at.vault.fetch(changed)).status;
    };
    expect(await status(() => undefined)).toBe(200);
    expect(await status((to) => to.searchParams.delete("signature"))).toBe(403);
    expect(await status((to) => to.searchParams.set("expires", "9999999999999"))).toBe(403);
    expect(await status((to) => (to.pathname = to.pathname.replace("content", "thumbnail")))).toBe(403);
    expect(await status((to) => (to.pathname = "/files/none"))).toBe(404);
    at.pass(3_600_000);
    expect(await status(() => undefined)).toBe(403);
  });

  test("of a file that was detached is not found", async () => {
    await using at = await scene();
    const [file] = await files(at);
    await at.client.send("update_secret", {
      recordUid: at.record["recordUid"],
      revision: at.record["revision"],
      data: at.record["data"],
      links2Remove: [file?.["fileUid"]],
    });
    expect((await at.vault.fetch(String(file?.["url"]))).status).toBe(404);
  });

  test("of a thumbnail returns the sealed thumbnail", async () => {
    await using at = await scene();
    await at.vault.owner.addFile(String(at.record["recordUid"]), {
      name: "p.png",
      base64: "AAEC",
      thumbnail: "AwQF",
    });
    const file = (await files(at))[1] ?? {};
    const key = openGcm(at.recordKey, bytes(file["fileKey"])) ?? new Uint8Array();
    const response = await at.vault.fetch(String(file["thumbnailUrl"]));
    expect(openGcm(key, new Uint8Array(await response.arrayBuffer()))?.toString("hex")).toBe("030405");
  });
});
