import { HttpError, type FetchLike, type JsonObject } from "@ksmkit/common";
import type { Vault } from "@ksmkit/emulator";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { Middleware } from "../../src/middleware/middleware.ts";
import { checkFileAddress } from "../../src/transport/file-address.ts";
import { localClient, startLocalVault } from "../client/local-client.ts";

const check = (address: unknown, hostname = "keepersecurity.com") =>
  checkFileAddress(address as string, async () => hostname);

describe("checkFileAddress", () => {
  it.each<[string, string]>([
    ["https://files.example/a?signature=x%2Fy", "https://files.example/a?signature=x%2Fy"],
    ["HTTPS://FILES.example/A", "https://files.example/A"],
    ["https://files.example:8443/", "https://files.example:8443/"],
    ["https://10.0.0.1/", "https://10.0.0.1/"],
    ["https://[::1]:9/", "https://[::1]:9/"],
    ["https://127.0.0.1/", "https://127.0.0.1/"],
  ])("takes %s", async (address, url) => {
    expect(await check(address)).toEqual({ url });
  });

  it.each<unknown>([
    "http://files.example/topsecret",
    "http://127.0.0.1/topsecret",
    "http://localhost:8080/topsecret",
    "HtTp://files.example/topsecret",
    "file:///etc/topsecret",
    "ftp://files.example/topsecret",
    "data:,topsecret",
    "blob:https://files.example/topsecret",
    "ws://files.example/topsecret",
    "javascript:topsecret",
    "//files.example/topsecret",
    "/topsecret",
    "topsecret",
    "",
    "https://",
    "https://user:topsecret@files.example/",
    "https://topsecret@files.example/",
    "https://:topsecret@files.example/",
    "https://files.example/#topsecret",
    "https://files.example/#",
    undefined,
    null,
    7,
    {},
  ])("refuses %j without quoting it", async (address) => {
    const result = await check(address);
    expect(result).toEqual({ refused: expect.stringMatching(/^its address /) as unknown });
    expect(JSON.stringify(result)).not.toContain("topsecret");
  });

  it.each<[string, string, boolean]>([
    ["http://127.0.0.1:1/", "localhost:2", true],
    ["http://localhost:1/", "127.0.0.1", true],
    ["http://127.8.9.1/", "[::1]:443", true],
    ["http://[::1]/", "localhost", true],
    ["http://vault.localhost/", "localhost", true],
    ["http://[::ffff:127.0.0.1]/", "localhost", true],
    ["http://0x7f.1/", "localhost", true],
    ["http://files.example/", "localhost", false],
    ["http://10.0.0.1/", "localhost", false],
    ["http://0.0.0.0/", "localhost", false],
    ["http://localhost.example/", "localhost", false],
    ["http://127.0.0.1.example/", "localhost", false],
    ["http://notlocalhost/", "localhost", false],
    ["http://127.0.0.1/", "localhost.example", false],
    ["http://127.0.0.1/", "keepersecurity.com", false],
    ["http://u:p@127.0.0.1/", "localhost", false],
    ["file:///etc/passwd", "localhost", false],
  ])("%s for a client of %s: %s", async (address, hostname, allowed) => {
    expect("url" in (await check(address, hostname))).toBe(allowed);
  });
});

describe("files at refused addresses", () => {
  let vault: Vault;
  let token = 0;
  beforeAll(async () => {
    vault = await startLocalVault({ tokens: 40 });
  });
  afterAll(() => vault.close());
  afterEach(() => vault.faults.clear());

  function client(address: string, watch: (url: string) => void, hostname?: string) {
    const misplace: Middleware = async (call, next) => {
      const answer = await next(call);
      const json = JSON.parse(
        JSON.stringify(answer.json, (_name, value: unknown) =>
          typeof value === "object" && value !== null && "fileUid" in value
            ? { ...value, url: address, thumbnailUrl: address }
            : value,
        ),
      ) as JsonObject;
      if (call.endpoint === "add_file") json["url"] = address;
      return { ...answer, json };
    };
    const fetch: FetchLike = async (url, request) => {
      if (!url.includes("/api/rest/sm/")) watch(url);
      if (hostname === undefined) return vault.fetch(url, request);
      return vault.fetch(url.replace(hostname, vault.ksm.hostname), request);
    };
    return localClient(vault, {
      token: vault.ksm.oneTimeTokens[token++],
      middleware: misplace,
      fetch,
      ...(hostname !== undefined && { hostname }),
    });
  }

  it.each([
    ["file:///etc/passwd", "an https URL"],
    ["http://files.example/", "an https URL"],
    ["data:,x", "an https URL"],
    ["https://u:p@files.example/", "credentials"],
    ["nowhere", "a URL"],
  ])("%s: neither a custom fetch nor a form sees it", async (address, says) => {
    const seen: string[] = [];
    const manager = client(address, (url) => seen.push(url));
    await manager.bind();
    const record = await manager.getRecordByTitle("Web shop");
    const [file] = record.files;
    if (file === undefined) throw new TypeError("no file");
    const refusal = expect.objectContaining({
      code: "ERR_KSM_FILE_UNAVAILABLE",
      message: expect.stringContaining(says) as unknown,
    }) as unknown;
    await expect(manager.downloadFile(file)).rejects.toEqual(refusal);
    await expect(manager.downloadThumbnail(file)).rejects.toEqual(refusal);
    await expect(manager.streamFile(file, () => {})).rejects.toEqual(refusal);
    await expect(
      manager.uploadFile(record, { name: "n", data: new Uint8Array(9), refresh: false }),
    ).rejects.toMatchObject({
      code: "ERR_KSM_FILE_UPLOAD_FAILED",
      message: expect.stringContaining(says) as unknown,
    });
    expect(seen).toEqual([]);
  });

  it("plain http on this machine serves a client of this machine only", async () => {
    const seen: string[] = [];
    const address = "http://127.0.0.1:9/content";
    const local = client(address, (url) => seen.push(url), "localhost:8443");
    await local.bind();
    const [file] = (await local.getRecordByTitle("Web shop")).files;
    if (file === undefined) throw new TypeError("no file");
    await expect(local.downloadFile(file)).rejects.toMatchObject({ code: "ERR_KSM_FILE_UNAVAILABLE" });
    expect(seen).toEqual([address]);
    const remote = client(address, (url) => seen.push(url), "vault.example");
    await remote.bind();
    const [other] = (await remote.getRecordByTitle("Web shop")).files;
    if (other === undefined) throw new TypeError("no file");
    await expect(remote.downloadFile(other)).rejects.toThrow(/not an https URL/);
    expect(seen).toEqual([address]);
  });

  it("a download is repeated over a fresh connection, an upload never", async () => {
    const asked: (boolean | undefined)[] = [];
    const stale = new HttpError("network", "h: reset", { reusedSocket: true });
    const fetch: FetchLike = async (url, request) => {
      if (url.includes("/api/rest/sm/")) return vault.fetch(url, request);
      asked.push(request.freshConnection);
      if (asked.length === 1) throw stale;
      return vault.fetch(url, request);
    };
    const manager = localClient(vault, { token: vault.ksm.oneTimeTokens[token++], fetch });
    const record = await manager.getRecordByTitle("Web shop");
    const [file] = record.files;
    if (file === undefined) throw new TypeError("no file");
    const content = await manager.downloadFile(file);
    expect(content).toHaveLength(file.size ?? -1);
    expect(asked.splice(0)).toEqual([undefined, true]);
    const pieces: Uint8Array[] = [];
    await manager.streamFile(file, (piece) => pieces.push(piece.slice()));
    expect(Buffer.concat(pieces)).toEqual(Buffer.from(content));
    expect(asked.splice(0)).toEqual([undefined, true]);
    await expect(
      manager.uploadFile(record, { name: "n", data: new Uint8Array(9), refresh: false }),
    ).rejects.toMatchObject({ code: "ERR_KSM_FILE_UPLOAD_FAILED" });
    expect(asked).toEqual([undefined]);
  });
});
