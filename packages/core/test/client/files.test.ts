import type { FetchLike } from "@ksmkit/common";
import { startVault, type FaultRule, type Vault } from "@ksmkit/emulator";
import { readFile } from "node:fs/promises";
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { ConflictError } from "../../src/client/update-record.ts";
import type { FileData, FileProgress } from "../../src/client/file-source.ts";
import type { SecretsEditor } from "../../src/client/secrets-editor.ts";
import type { KsmRecord } from "../../src/records/ksm-record.ts";
import { localClient } from "./local-client.ts";

let vault: Vault;
let manager: SecretsEditor;
let overSockets: SecretsEditor;
let teamUid = "";

beforeAll(async () => {
  vault = await startVault({ rateLimit: false });
  manager = localClient(vault);
  overSockets = localClient(vault, {
    token: vault.ksm.oneTimeTokens[1],
    fetch: undefined,
    ca: await readFile(vault.ksm.caFile ?? "", "utf8"),
  });
  teamUid = (await manager.getFolders()).folders.find(({ name }) => name === "Team")?.uid ?? "";
});
afterAll(() => {
  overSockets.close();
  return vault.close();
});
afterEach(() => vault.faults.clear());

async function freshRecord(fields: { type: string; value: unknown }[] = []): Promise<KsmRecord> {
  return manager.getRecord(
    await manager.createRecord({ folderUid: teamUid, record: { type: "login", title: "holder", fields } }),
  );
}

function bytes(length: number): Uint8Array<ArrayBuffer> {
  return Uint8Array.from({ length }, (_, index) => (index * 7 + (index >> 8)) & 0xff);
}

async function* pieces(content: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < content.length; at += size) yield content.subarray(at, at + size);
}

function streamed(content: Uint8Array, size: number): ReadableStream<Uint8Array> {
  const source = pieces(content, size);
  return new ReadableStream({
    async pull(controller) {
      const { done, value } = await source.next();
      if (done) controller.close();
      else controller.enqueue(value);
    },
  });
}

const small = bytes(1000);
const large = bytes(3_000_001);

describe("uploadFile", () => {
  const forms: [name: string, data: FileData, size: number | undefined, content: Uint8Array][] = [
    ["bytes", small, undefined, small],
    ["no bytes at all", new Uint8Array(), undefined, new Uint8Array()],
    ["a blob", new Blob([small.subarray(0, 10), small.subarray(10)]), undefined, small],
    ["an async iterable", pieces(small, 7), small.length, small],
    ["a stream", streamed(small, 1000), small.length, small],
    ["many bytes", large, undefined, large],
    ["a large blob", new Blob([large]), undefined, large],
    ["a large async iterable", pieces(large, 65_537), large.length, large],
    ["a large stream", streamed(large, 1_000_000), large.length, large],
  ];
  for (const [name, data, size, content] of forms) {
    it(`uploads ${name}`, async () => {
      const record = await freshRecord();
      const client = content === large ? overSockets : manager;
      const { fileUid, stale } = await client.uploadFile(record, { name: "a.bin", data, size });
      expect(stale).toBeUndefined();
      const [file] = vault.owner.readRecord(record.uid).files;
      expect(file?.uid).toBe(fileUid);
      expect(file?.metadata).toMatchObject({
        name: "a.bin",
        title: "a.bin",
        size: content.length,
        type: "application/octet-stream",
      });
      expect(Buffer.compare(file?.content ?? new Uint8Array(), content)).toBe(0);
      expect(record.files.map(({ uid }) => uid)).toEqual([fileUid]);
      expect(record.findField("fileRef")?.value).toEqual([fileUid]);
      expect(vault.owner.readRecord(record.uid).data).toEqual(record.data);
    });
  }

  it("lists the file behind those that are there, and the record can be saved afterwards", async () => {
    const record = await freshRecord([{ type: "fileRef", value: ["other"] }]);
    const { fileUid } = await manager.uploadFile(record, {
      name: "n",
      title: "t",
      type: "text/plain",
      lastModified: 5,
      data: small,
    });
    expect(record.findField("fileRef")?.value).toEqual(["other", fileUid]);
    expect(record.files[0]).toMatchObject({ name: "n", title: "t", type: "text/plain", lastModified: 5 });
    await manager.updateRecord(record, { removeFiles: fileUid });
    expect(record.files).toEqual([]);
    expect(record.findField("fileRef")?.value).toEqual(["other"]);
  });

  it("tells its progress", async () => {
    const told: FileProgress[] = [];
    const options = { name: "n", data: pieces(small, 400), size: 1000 };
    await manager.uploadFile(await freshRecord(), {
      ...options,
      onProgress: (progress) => told.push(progress),
    });
    expect(told).toEqual([400, 800, 1000].map((done) => ({ bytes: done, total: 1000 })));
  });

  it("sends one form: fields in order, the file last, its length, and nothing of the protocol", async () => {
    const seen: { headers: Record<string, string>; body: string }[] = [];
    const fetch: FetchLike = async (url, request) => {
      if (url.endsWith("/files/upload") && request.body instanceof Uint8Array) {
        seen.push({ headers: request.headers, body: Buffer.from(request.body).toString("latin1") });
      }
      return vault.fetch(url, request);
    };
    const watched = localClient(vault, { token: vault.ksm.oneTimeTokens[2], fetch });
    await watched.uploadFile(await freshRecord(), { name: "secret name", data: small });
    const [{ headers, body } = { headers: {}, body: "" }] = seen;
    expect(Object.keys(headers)).toEqual(["Content-Type", "Content-Length"]);
    expect(headers["Content-Length"]).toBe(String(body.length));
    const names = [...body.matchAll(/form-data; name="([^"]*)"/g)].map(([, name]) => name);
    expect(names).toEqual(["key", "expires", "signature", "file"]);
    expect(body).toContain('name="file"; filename="file"\r\n');
    expect(body).not.toContain("secret name");
  });

  const refused: [name: string, options: object][] = [
    ["no name", { name: "" }],
    ["a stream without a size", { data: pieces(small, 10), size: undefined }],
    ["a size that is no count", { data: pieces(small, 10), size: -1 }],
    ["a size too large for one nonce", { data: pieces(small, 10), size: 2 ** 36 }],
    ["a size that contradicts the bytes", { size: 7 }],
    ["no data", { data: undefined, size: 3 }],
    ["text as data", { data: "text", size: 4 }],
  ];
  it.each(refused)("refuses %s before anything is sent", async (_name, options) => {
    const record = await freshRecord();
    const before = vault.log.length;
    await expect(manager.uploadFile(record, { name: "n", data: small, ...options })).rejects.toMatchObject({
      code: "ERR_KSM_ARGUMENT_INVALID",
    });
    expect(vault.log).toHaveLength(before);
  });

  it("refuses a read-only record early", async () => {
    const record = await manager.getRecordByTitle("Read-only note");
    const before = vault.log.length;
    await expect(manager.uploadFile(record, { name: "n", data: small })).rejects.toMatchObject({
      code: "ERR_KSM_READ_ONLY",
    });
    expect(vault.log).toHaveLength(before);
  });

  const endless = async function* (): AsyncGenerator<Uint8Array> {
    yield new Uint8Array(1_500_000);
    await new Promise(() => {});
  };
  const given = new AbortController();
  const abandoned = async function* (): AsyncGenerator<Uint8Array> {
    yield new Uint8Array(1_500_000);
    given.abort();
    yield* endless();
  };
  const broken = async function* (): AsyncGenerator<Uint8Array> {
    yield new Uint8Array(10);
    throw new Error("disk on fire");
  };
  const failures: {
    name: string;
    fault?: FaultRule;
    options?: object;
    says: RegExp;
  }[] = [
    {
      name: "the place refuses it",
      fault: { endpoint: "upload", kind: "status", status: 403, body: "<Error>secret</Error>" },
      says: /its place answered 403/,
    },
    {
      name: "the place answers another success than announced",
      fault: { endpoint: "upload", kind: "status", status: 200 },
      says: /answered 200/,
    },
    {
      name: "the connection drops",
      fault: { endpoint: "upload", kind: "drop", when: "before" },
      says: /waiting for the answer failed/,
    },
    {
      name: "the place is no place",
      fault: { endpoint: "add_file", kind: "merge", answer: { url: null } },
      says: /named no place/,
    },
    {
      name: "its parameters are garbage",
      fault: { endpoint: "add_file", kind: "merge", answer: { parameters: "{" } },
      says: /named no place/,
    },
    {
      name: "its address is no URL",
      fault: { endpoint: "add_file", kind: "merge", answer: { url: "file:///etc/passwd" } },
      says: /not an http/,
    },
    {
      name: "there is too little",
      options: { data: pieces(small, 9), size: 1001 },
      says: /not the 1001 bytes/,
    },
    { name: "there is too much", options: { data: pieces(small, 9), size: 999 }, says: /not the 999 bytes/ },
    {
      name: "there is far too little for one piece",
      options: { data: pieces(small, 9), size: 2_000_000 },
      says: /not the 2000000 bytes/,
    },
    {
      name: "it is no bytes",
      options: {
        data: (async function* () {
          yield "text";
        })(),
        size: 4,
      },
      says: /not the 4/,
    },
    { name: "the source fails", options: { data: broken(), size: 20 }, says: /reading its content failed/ },
    {
      name: "the source fails on the way",
      options: { data: broken(), size: 2e6 },
      says: /reading its content/,
    },
    {
      name: "the source stalls",
      options: { data: endless(), size: 2e6, timeoutMs: 150 },
      says: /longer than/,
    },
    {
      name: "the source stalls before a whole",
      options: {
        data: (async function* () {
          yield small;
          await new Promise(() => {});
        })(),
        size: 2000,
        timeoutMs: 150,
      },
      says: /longer than/,
    },
    {
      name: "the caller aborts on the way",
      options: { data: abandoned(), size: 2e6, signal: given.signal },
      says: /was aborted/,
    },
    {
      name: "the progress callback throws",
      options: {
        data: large,
        onProgress: () => {
          throw new Error("mine");
        },
      },
      says: /reading its content failed/,
    },
  ];
  for (const { name, fault, options, says } of failures) {
    it(`names the file to detach when ${name}`, async () => {
      const record = await freshRecord();
      const before = structuredClone(record.data);
      const { revision } = record;
      if (fault !== undefined) vault.faults.add(fault);
      const error: unknown = await overSockets
        .uploadFile(record, { name: "n", data: small, ...options })
        .catch((caught: unknown) => caught);
      expect(error).toMatchObject({
        code: "ERR_KSM_FILE_UPLOAD_FAILED",
        recordUid: record.uid,
        message: expect.stringMatching(says) as string,
      });
      expect(String(error)).not.toMatch(/secret|on fire|mine/);
      expect(record.data).toEqual(before);
      expect(record.revision).toBe(revision);
      const { fileUid } = error as { fileUid: string };
      expect(vault.owner.readRecord(record.uid).files).toMatchObject([{ uid: fileUid, content: null }]);
      await manager.patchRecord(record.uid, () => {}, { removeFiles: fileUid });
      expect(vault.owner.readRecord(record.uid).files).toEqual([]);
      expect(vault.owner.readRecord(record.uid).data["fields"]).toEqual([{ type: "fileRef", value: [] }]);
    });
  }

  const early: { name: string; fault: FaultRule; error: object }[] = [
    {
      name: "the service refuses",
      fault: { endpoint: "add_file", kind: "readOnly" },
      error: { code: "ERR_KSM_TRANSPORT_ACCESS_DENIED" },
    },
    {
      name: "the answer is garbage",
      fault: { endpoint: "add_file", kind: "garbage" },
      error: { code: "ERR_KSM_TRANSPORT_BAD_RESPONSE" },
    },
  ];
  it.each(early)("leaves the record as it was when $name", async ({ fault, error }) => {
    const record = await freshRecord();
    const before = structuredClone(record.data);
    vault.faults.add(fault);
    await expect(manager.uploadFile(record, { name: "n", data: small })).rejects.toMatchObject(error);
    expect(record.data).toEqual(before);
  });

  it("meets a stale revision as a conflict", async () => {
    const record = await freshRecord();
    await vault.owner.updateRecord(record.uid, record.data);
    await expect(manager.uploadFile(record, { name: "n", data: small })).rejects.toBeInstanceOf(
      ConflictError,
    );
    expect(vault.owner.readRecord(record.uid).files).toEqual([]);
  });
});

describe("uploading to a server of another mind", () => {
  async function upload(answer: RequestListener, data: Uint8Array): Promise<unknown> {
    const server = createServer(answer);
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    vault.faults.add({
      endpoint: "add_file",
      kind: "merge",
      answer: { url: `http://127.0.0.1:${port}/`, successStatusCode: null },
    });
    try {
      return await overSockets
        .uploadFile(await freshRecord(), { name: "n", data, refresh: false })
        .catch((caught: unknown) => caught);
    } finally {
      overSockets.close();
      server.closeAllConnections();
      server.close();
    }
  }

  it("takes any 2xx when none is announced", async () => {
    const accept: RequestListener = (request, response) => {
      request.resume().on("end", () => response.writeHead(204).end());
    };
    expect(await upload(accept, large)).toMatchObject({ fileUid: expect.any(String) as string });
  });

  it("hears a refusal that comes half-way", async () => {
    const refuse: RequestListener = (_request, response) => {
      response.writeHead(413, { connection: "close" }).end("too large");
    };
    expect(await upload(refuse, bytes(40_000_000))).toMatchObject({
      code: "ERR_KSM_FILE_UPLOAD_FAILED",
      message: expect.stringContaining("answered 413") as string,
    });
  });

  it("notices a connection that ends half-way", async () => {
    const hangUp: RequestListener = (request) => {
      request.once("data", () => request.destroy());
    };
    expect(await upload(hangUp, bytes(40_000_000))).toMatchObject({ code: "ERR_KSM_FILE_UPLOAD_FAILED" });
  });

  it("does not follow redirects", async () => {
    const redirect: RequestListener = (request, response) => {
      request.resume().on("end", () => response.writeHead(307, { location: "/elsewhere" }).end());
    };
    expect(await upload(redirect, small)).toMatchObject({
      message: expect.stringContaining("answered 307") as string,
    });
  });
});

describe("streamFile", () => {
  async function fileOf(content: Uint8Array): Promise<KsmRecord["files"][number]> {
    const record = await freshRecord();
    await overSockets.uploadFile(record, { name: "n", data: content });
    const [file] = record.files;
    if (file === undefined) throw new Error("no file");
    return file;
  }

  it.each([0, 1, 16, 17, 100_000, 3_000_001])("gives %i bytes piece by piece", async (length) => {
    const content = bytes(length);
    const file = await fileOf(content);
    for (const client of [manager, overSockets]) {
      const chunks: Uint8Array[] = [];
      const told: FileProgress[] = [];
      await client.streamFile(file, (chunk) => chunks.push(chunk), { onProgress: (each) => told.push(each) });
      expect(Buffer.compare(Buffer.concat(chunks), content)).toBe(0);
      expect(told.at(-1)).toEqual(length === 0 ? undefined : { bytes: length, total: length });
    }
  });

  it("reads thumbnails", async () => {
    const record = await freshRecord();
    await vault.owner.addFile(record.uid, { name: "p.png", base64: "AAEC", thumbnail: "AwQF" });
    const [file] = (await manager.getRecord(record.uid)).files;
    if (file === undefined) throw new Error("no file");
    const chunks: Uint8Array[] = [];
    await manager.streamFile(file, (chunk) => chunks.push(chunk), { thumbnail: true });
    expect(Buffer.concat(chunks).toString("hex")).toBe("030405");
    const plain = await fileOf(small);
    await expect(manager.streamFile(plain, () => {}, { thumbnail: true })).rejects.toMatchObject({
      code: "ERR_KSM_FILE_UNAVAILABLE",
      fileUid: plain.uid,
    });
  });

  const failures = [
    { name: "a file that is gone", fault: { kind: "status", status: 404, body: "<html>" } },
    { name: "a damaged file", fault: { kind: "wrongTag" } },
    { name: "a page instead of a file", fault: { kind: "status", status: 200, body: "<html>".repeat(50) } },
    { name: "too little to be a file", fault: { kind: "truncate", bytes: 20 } },
    { name: "a connection that drops", fault: { kind: "drop", when: "during" } },
    { name: "no content", fault: { kind: "status", status: 204 } },
    { name: "a garbage answer", fault: { kind: "garbage", bytes: 5000 } },
  ] as const;
  it.each(failures)("refuses $name", async ({ fault }) => {
    const file = await fileOf(large);
    vault.faults.add({ endpoint: "download", ...fault });
    await expect(overSockets.streamFile(file, () => {})).rejects.toMatchObject({
      code: "ERR_KSM_FILE_UNAVAILABLE",
    });
  });

  it("ends with what its reader throws, and with the caller's signal", async () => {
    const file = await fileOf(large);
    const mine = new Error("mine");
    await expect(overSockets.streamFile(file, () => Promise.reject(mine))).rejects.toBe(mine);
    const throwing = (): never => {
      throw mine;
    };
    await expect(overSockets.streamFile(file, throwing)).rejects.toBe(mine);
    await expect(overSockets.streamFile(file, () => {}, { onProgress: throwing })).rejects.toBe(mine);
    const controller = new AbortController();
    const reading = overSockets.streamFile(file, () => controller.abort(), { signal: controller.signal });
    await expect(reading).rejects.toMatchObject({ code: "ERR_KSM_ABORTED" });
  });
});
