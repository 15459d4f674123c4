import { inspect } from "node:util";
import { describe, expect, it } from "vitest";
import { formatConfigBase64 } from "../../src/config/config-text.ts";
import { memoryStorage, textStorage } from "../../src/config/storage.ts";

const bound = { hostname: "h.example", appKey: "the-app-key" };
const initialized = { hostname: "h.example", clientKey: "the-client-key" };

describe("memoryStorage", () => {
  it.each([
    ["values", bound],
    ["JSON", JSON.stringify(bound)],
    ["base64", formatConfigBase64(bound)],
  ])("starts from %s", async (_what, initial) => {
    expect(await memoryStorage(initial).load()).toEqual(bound);
  });

  it.each(["", "{", "the-app-key"])("refuses the text %j at once", (text) => {
    expect(() => memoryStorage(text)).toThrow(expect.objectContaining({ code: "ERR_KSM_CONFIG_INVALID" }));
  });

  it("does not discard what it was given", async () => {
    const storage = memoryStorage(bound);
    await storage.save(initialized);
    await storage.discard();
    expect(await storage.load()).toEqual(initialized);
  });

  it("shows no value to an inspector", () => {
    expect(inspect(memoryStorage(bound), { depth: 9, showHidden: true })).not.toContain("the-app-key");
  });
});

describe("textStorage", () => {
  it("is writable in memory when it is bound", async () => {
    const storage = textStorage(JSON.stringify(bound), { source: "KSM_CONFIG" });
    await expect(storage.checkWritable()).resolves.toBeUndefined();
    await storage.save({ ...bound, serverPublicKeyId: "8" });
    expect(await storage.load()).toMatchObject({ serverPublicKeyId: "8" });
  });

  it.each([initialized, {}])("refuses to let %j be bound, naming where it came from", async (values) => {
    const storage = textStorage(formatConfigBase64(values), { source: "KSM_CONFIG" });
    await expect(storage.checkWritable()).rejects.toMatchObject({
      name: "StorageError",
      code: "ERR_KSM_STORAGE_UNWRITABLE",
      message: expect.stringContaining("KSM_CONFIG"),
    });
  });

  it("lets it be bound when the caller accepts the loss", async () => {
    const storage = textStorage(JSON.stringify(initialized), { allowInMemory: true });
    await expect(storage.checkWritable()).resolves.toBeUndefined();
    expect(storage.description).toBe("configuration text");
  });

  it("refuses a malformed text at once", () => {
    expect(() => textStorage("{")).toThrow(expect.objectContaining({ code: "ERR_KSM_CONFIG_INVALID" }));
  });
});
