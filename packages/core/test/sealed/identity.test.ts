import { encodeBase64, utf8Bytes } from "@ksmkit/common";
import { describe, expect, it } from "vitest";
import { clientIdFor } from "../../src/config/identity.ts";
import { sealedStorage, type SealedStorageOptions } from "../../src/sealed/sealed-storage.ts";
import { symmetricKey } from "./keys.ts";
import { memoryPlace, memoryStore } from "./memory-store.ts";

const clientId = encodeBase64(new Uint8Array(64).fill(1));
const otherId = encodeBase64(new Uint8Array(64).fill(2));
const bound = { hostname: "keepersecurity.com", clientId, privateKey: "p", appKey: "a" };
const other = "ERR_KSM_SEALED_OTHER_IDENTITY";

function setUp(more: Partial<SealedStorageOptions> = {}) {
  const place = memoryPlace(null);
  const wrapper = symmetricKey();
  const open = (options = more) => sealedStorage({ store: memoryStore(place), wrapper, ...options });
  /** Seals as whoever has the public key and may write the store. */
  const seal = async (values: Record<string, string>): Promise<void> => {
    place.bytes = null;
    await open({}).save(values);
  };
  return { place, wrapper, open, seal };
}

describe("option expect", () => {
  const expected = { clientId, hostname: "keepersecurity.com" };

  it.each([
    ["another host", { ...bound, hostname: "evil.example" }],
    ["another client", { ...bound, clientId: otherId }],
    ["no host", { clientId, privateKey: "p", appKey: "a" }],
    ["no client", { hostname: bound.hostname, privateKey: "p", appKey: "a" }],
    ["a port", { ...bound, hostname: "keepersecurity.com:8443" }],
  ])("refuses %s, sealed or in the clear", async (_, values) => {
    const { place, open, seal } = setUp({ expect: expected, plaintext: "migrate" });
    await seal(values);
    const stored = place.bytes;
    await expect(open().load()).rejects.toMatchObject({ code: other, name: "SealedError" });
    await expect(open().decryptConfig()).rejects.toMatchObject({ code: other });
    await expect(open().save(bound)).rejects.toMatchObject({ code: other });
    await expect(open().rotate()).rejects.toMatchObject({ code: other });
    expect(place.bytes).toBe(stored);
    place.bytes = utf8Bytes(JSON.stringify(values));
    await expect(open().load()).rejects.toMatchObject({ code: other });
  });

  it.each([
    ["both", expected],
    ["the host alone", { hostname: "keepersecurity.com" }],
    ["a region code", { hostname: "US" }],
    ["the client alone", { clientId }],
    ["base64 without padding", { clientId: clientId.replace(/=+$/, "") }],
    ["nothing", {}],
  ])("accepts %s", async (_, expect_) => {
    const { open, seal } = setUp({ expect: expect_ });
    await seal(bound);
    expect(await open().load()).toEqual(bound);
  });

  it("derives the client of an unbound configuration from its token", async () => {
    const secret = new Uint8Array(32).fill(7);
    const unbound = { hostname: bound.hostname, clientKey: encodeBase64(secret), privateKey: "p" };
    const { open, seal } = setUp({ expect: { clientId: await clientIdFor(secret) } });
    await seal(unbound);
    expect(await open().load()).toEqual(unbound);
    await expect(open({ expect: expected }).load()).rejects.toMatchObject({ code: other });
  });

  it("lets a new configuration begin, but not one of another identity", async () => {
    const { place, open } = setUp({ expect: expected });
    expect(await open().load()).toEqual({});
    await open().save({ hostname: "keepersecurity.com" });
    expect(await open().load()).toEqual({ hostname: "keepersecurity.com" });
    await open().save(bound);
    await expect(open().save({ ...bound, clientId: otherId })).rejects.toMatchObject({ code: other });
    expect(await open().load()).toEqual(bound);
    expect(place.writes).toHaveLength(2);
  });

  it("quotes neither identity", async () => {
    const { open, seal } = setUp({ expect: expected });
    await seal({ ...bound, hostname: "evil.example" });
    await expect(open().load()).rejects.toThrow(
      /^Cannot open the configuration in [^.]+\. It names another host than/,
    );
    await expect(open().load()).rejects.not.toThrow(/evil/);
  });

  it.each([
    ["text", "keepersecurity.com"],
    ["a list", [clientId]],
    ["an unknown key", { clientid: clientId }],
    ["a short client id", { clientId: "AAAA" }],
    ["a host with a path", { hostname: "https://keepersecurity.com/api" }],
    ["a number", { hostname: 1 }],
  ])("must not be %s", (_, value) => {
    const { open } = setUp();
    expect(() => open({ expect: value as never })).toThrow(
      expect.objectContaining({ code: "ERR_KSM_ARGUMENT_INVALID" }),
    );
  });
});

describe("a storage in use", () => {
  it.each([
    ["host", { ...bound, hostname: "evil.example" }],
    ["client", { ...bound, clientId: otherId }],
  ])("refuses a configuration whose %s changed under it", async (_, values) => {
    const { place, open, seal } = setUp();
    await seal(bound);
    const storage = open();
    expect(await storage.load()).toEqual(bound);
    const original = place.bytes;
    await seal(values);
    await expect(storage.load()).rejects.toMatchObject({ code: other });
    await expect(storage.save({ ...bound, serverPublicKeyId: "7" })).rejects.toMatchObject({ code: other });
    await storage.close();
    await expect(storage.load()).rejects.toMatchObject({ code: other });
    // A new storage has seen nothing before.
    expect(await open().load()).toEqual(values);
    place.bytes = original;
    expect(await storage.load()).toEqual(bound);
  });

  it("accepts every other change, and binding by another process", async () => {
    const secret = encodeBase64(new Uint8Array(32).fill(7));
    const unbound = { hostname: bound.hostname, clientKey: secret, privateKey: "p" };
    const { open, seal } = setUp();
    await seal(unbound);
    const storage = open();
    await storage.load();
    const id = await clientIdFor(new Uint8Array(32).fill(7));
    const next = { ...bound, clientId: id, serverPublicKeyId: "9" };
    await seal(next);
    expect(await storage.load()).toEqual(next);
  });

  it("follows what it saves and forgets what it removes", async () => {
    const { open, seal } = setUp();
    const storage = open();
    await storage.save(bound);
    const next = { ...bound, clientId: otherId, hostname: "keepersecurity.eu" };
    await storage.save(next);
    expect(await storage.load()).toEqual(next);
    await seal(bound);
    await expect(storage.load()).rejects.toMatchObject({ code: other });
    await storage.deleteAll();
    await seal(bound);
    expect(await storage.load()).toEqual(bound);
  });
});

describe("the layout java-direct", () => {
  async function framed() {
    const { place, wrapper, open } = setUp();
    const blob = await wrapper.wrap(utf8Bytes(JSON.stringify(bound)), {
      purpose: "content",
      signal: new AbortController().signal,
    });
    const bytes = new Uint8Array(blob.length + 2);
    new DataView(bytes.buffer).setUint16(0, blob.length);
    bytes.set(blob, 2);
    place.bytes = bytes;
    wrapper.calls.length = 0;
    return { place, wrapper, open };
  }

  it("is refused without importDirect, before any call", async () => {
    const { place, wrapper, open } = await framed();
    const stored = place.bytes;
    const code = "ERR_KSM_SEALED_NOT_A_CONFIG";
    await expect(open({}).load()).rejects.toMatchObject({ code });
    await expect(open({ importDirect: false, layout: "direct" }).load()).rejects.toMatchObject({ code });
    await expect(open({}).load()).rejects.toThrow("importDirect");
    expect(wrapper.calls).toEqual([]);
    expect(place.bytes).toBe(stored);
    expect(await open({}).inspect()).toMatchObject({ layout: "java-direct" });
  });

  it("is read with importDirect", async () => {
    const { open } = await framed();
    expect(await open({ importDirect: true }).load()).toEqual(bound);
  });
});
