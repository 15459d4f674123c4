import { readFile, stat } from "node:fs/promises";
import { request } from "node:https";
import { connect } from "node:net";
import { connect as connectTls, type PeerCertificate } from "node:tls";
import { inspect } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startVault, type Vault, type VaultOptions } from "../../src/index.ts";

let vault: Vault;
let ca = "";
beforeAll(async () => {
  vault = await startVault({ maxBodyBytes: 10_000 });
  ca = await readFile(vault.ksm.caFile ?? "", "utf8");
});
afterAll(() => vault.close());

interface Answer {
  status: number;
  text: string;
  reused: boolean;
}

function post(path: string, body: Uint8Array, host = vault.ksm.hostname, headers = {}): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const call = request(
      `https://${host}${path}`,
      {
        method: "POST",
        ca,
        headers,
        // With a made-up Host header the certificate is still the one for localhost.
        ...("host" in headers ? { servername: "localhost" } : {}),
      },
      (response) => {
        const chunks: Buffer[] = [];
        response.on("data", (chunk: Buffer) => chunks.push(chunk));
        response.on("error", reject);
        response.on("aborted", () => reject(new Error("aborted")));
        response.on("end", () =>
          resolve({
            status: response.statusCode ?? 0,
            text: Buffer.concat(chunks).toString(),
            reused: call.reusedSocket,
          }),
        );
      },
    );
    call.on("error", reject);
    call.end(body);
  });
}

const api = "/api/rest/sm/v1/get_secret";
const port = (): number => Number(vault.ksm.hostname.split(":")[1]);

describe("the certificate", () => {
  test.each(["localhost", "127.0.0.1"])("is good for %s with the authority file alone", async (host) => {
    expect((await post(api, new Uint8Array(), `${host}:${port()}`)).status).toBe(400);
  });

  test("is refused without the authority", async () => {
    ca = "";
    await expect(post(api, new Uint8Array())).rejects.toMatchObject({ code: /UNABLE_TO_VERIFY|SELF_SIGNED/ });
    ca = await readFile(vault.ksm.caFile ?? "", "utf8");
  });

  test("names both loopback addresses and the host, and is for servers only", async () => {
    await using named = await startVault({ host: "localhost", tokens: 0 });
    const seen = await new Promise<PeerCertificate>((resolve, reject) => {
      const options = {
        host: "127.0.0.1",
        port: Number(named.ksm.hostname.split(":")[1]),
        rejectUnauthorized: false,
      };
      const socket = connectTls(options, () => {
        resolve(socket.getPeerCertificate());
        socket.destroy();
      });
      socket.on("error", reject);
    });
    for (const name of ["DNS:localhost", "IP Address:127.0.0.1", "IP Address:0:0:0:0:0:0:0:1"]) {
      expect(seen.subjectaltname).toContain(name);
    }
    expect(seen.ext_key_usage).toEqual(["1.3.6.1.5.5.7.3.1"]);
    expect(seen.ca).toBe(false);
  });

  test("file is private, and gone after close", async () => {
    const other = await startVault({ tokens: 0 });
    const file = other.ksm.caFile ?? "";
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    await other.close();
    await expect(stat(file)).rejects.toMatchObject({ code: "ENOENT" });
  });
});

describe("requests", () => {
  test("keep their connection", async () => {
    await post(api, new Uint8Array());
    expect((await post(api, new Uint8Array())).reused).toBe(true);
  });

  test("above the size limit are refused", async () => {
    const response = await post(api, new Uint8Array(20_000));
    expect(response.status).toBe(400);
    expect(response.text).toContain("too large");
  });

  test.each([
    "/",
    "/api/rest/sm/v1/",
    "/api/rest/sm/v1/get_secret/x",
    "/../../etc/passwd",
    "/api/rest/sm/v1/%00",
  ])("to %s are refused", async (path) => {
    expect([400, 404]).toContain((await post(path, new Uint8Array())).status);
  });

  test("with an odd Host header get no odd URL back", async () => {
    const { text } = await post(api, new Uint8Array(), undefined, { host: 'evil"<x>' });
    expect(text).toContain(`https://localhost:${port()}/api`);
  });

  test("that are no TLS do not disturb the vault", async () => {
    await new Promise<void>((resolve, reject) => {
      const socket = connect(port(), "127.0.0.1", () => socket.end("GET / HTTP/1.1\r\n\r\n"));
      socket.on("close", () => resolve());
      socket.on("error", reject);
      socket.resume();
    });
    expect((await post(api, new Uint8Array())).status).toBe(400);
  });
});

describe("faults on a socket", () => {
  test.each(["before", "after", "during"] as const)("drop %s", async (when) => {
    vault.faults.add({ kind: "drop", when });
    await expect(post(api, new Uint8Array())).rejects.toThrow(/hang up|aborted|ECONNRESET/);
    expect((await post(api, new Uint8Array())).status).toBe(400);
  });

  test("slow and oversized bodies arrive whole", async () => {
    vault.faults.add({
      faults: [
        { kind: "oversize", bytes: 3_000_000 },
        { kind: "slow", ms: 20 },
      ],
    });
    expect((await post(api, new Uint8Array())).text).toHaveLength(3_000_000);
  });
});

describe("starting and closing", () => {
  test("an address in use is a coded error", async () => {
    await expect(startVault({ port: port() })).rejects.toMatchObject({ code: "ERR_VAULT_LISTEN" });
  });

  test.each<VaultOptions>([
    { port: -1 },
    { port: 65_536 },
    { tokens: 1.5 },
    { tokens: -1 },
    { serverKeyIds: [] },
    { serverKeyIds: [0] },
    { maxBodyBytes: 0 },
  ])("impossible options are coded errors: %j", async (options) => {
    await expect(startVault(options)).rejects.toMatchObject({ code: "ERR_VAULT_OPTION" });
  });

  test("close is prompt with open connections, repeatable, and ends fetch", async () => {
    const other = await startVault({ tokens: 0 });
    const hostname = other.ksm.hostname;
    ca = await readFile(other.ksm.caFile ?? "", "utf8");
    await post(api, new Uint8Array(), hostname);
    await Promise.all([other.close(), other.close()]);
    await expect(post(api, new Uint8Array(), hostname)).rejects.toMatchObject({ code: "ECONNREFUSED" });
    await expect(other.fetch(`https://${hostname}${api}`)).rejects.toMatchObject({
      code: "ERR_VAULT_CLOSED",
    });
    ca = await readFile(vault.ksm.caFile ?? "", "utf8");
  });

  test("printing or serialising a vault shows its address and nothing else", () => {
    const printed = `${inspect(vault, { depth: 9 })}${JSON.stringify({ vault })}${inspect(vault.owner, { depth: 9 })}`;
    expect(printed).toContain(vault.ksm.hostname);
    for (const token of vault.ksm.oneTimeTokens) expect(printed).not.toContain(token);
    expect(printed.length).toBeLessThan(200);
  });
});
