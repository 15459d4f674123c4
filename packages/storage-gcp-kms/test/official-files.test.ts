import { readFileSync } from "node:fs";
import type { GoogleAlgorithm } from "@ksmkit/kms-fakes/google";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { gcpKmsStorage } from "../src/gcp-kms-storage.ts";
import { startService, type TestService } from "./service.ts";

interface VectorKey {
  provider: string;
  id: string;
  gcpAlgorithm: GoogleAlgorithm;
  aesKeyHex?: string;
  privateKeyPkcs8Pem?: string;
}

interface Vector {
  id: string;
  provider: string;
  key: string;
  dialect: string;
  plaintext: string;
  blobBase64: string;
}

const file = new URL("../../core/test/vectors/kms-blobs.json", import.meta.url);
const { keys, vectors } = JSON.parse(readFileSync(file, "utf8")) as {
  keys: Record<string, VectorKey>;
  vectors: Vector[];
};
const ours = vectors.filter(({ provider }) => provider === "gcp");

let service: TestService;

beforeAll(async () => {
  service = await startService();
  for (const { provider, id, gcpAlgorithm: algorithm, aesKeyHex, privateKeyPkcs8Pem } of Object.values(
    keys,
  )) {
    if (provider !== "gcp") continue;
    const [name, version] = id.split("/cryptoKeyVersions/");
    const material = aesKeyHex === undefined ? undefined : Buffer.from(aesKeyHex, "hex");
    await service.kms.createKey({
      name,
      firstVersion: Number(version),
      algorithm,
      material,
      privateKeyPem: privateKeyPkcs8Pem,
    });
  }
});

afterAll(() => service.close());

describe("files of the official clients", () => {
  it("are there to be tested", () => {
    expect(ours.length).toBeGreaterThan(15);
  });

  it.each(ours)("opens with the real SDK client: $id", async ({ key, dialect, plaintext, blobBase64 }) => {
    const bytes = Uint8Array.from(Buffer.from(blobBase64, "base64"));
    const storage = gcpKmsStorage({
      store: { description: "vector", read: async () => ({ bytes }) },
      keyName: keys[key]!.id,
      client: service.client,
      importDirect: dialect === "direct" || dialect === "java-direct",
      allowUnprotected: dialect.startsWith("java-zero-key"),
    });
    service.kms.calls.clear();
    expect(JSON.parse(await storage.decryptConfig())).toEqual(JSON.parse(plaintext));
    expect(service.kms.calls.count()).toBe(dialect.startsWith("java-zero-key") ? 0 : 1);
  });
});
