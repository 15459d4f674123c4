import { describe, expect, it } from "vitest";
import { openResponse } from "../../src/transport/envelope.ts";
import { fixedKey, sealText } from "./fake-service.ts";

const marker = "topsecret-value";

describe("openResponse", () => {
  it("opens an object, unknown keys and all", async () => {
    const text = JSON.stringify({ records: null, later: { a: [1] } });
    expect(await openResponse(sealText(text), fixedKey)).toEqual({
      json: { records: null, later: { a: [1] } },
      bytes: new TextEncoder().encode(text),
    });
  });

  it.each<[string, Uint8Array, Uint8Array?]>([
    ["nothing", new Uint8Array()],
    ["a blob without room for a tag", new Uint8Array(27)],
    ["a damaged blob", sealText("{}").map((byte, at) => (at === 14 ? byte ^ 1 : byte))],
    ["a blob cut short", sealText(JSON.stringify({ marker })).subarray(0, -1)],
    ["a blob under another key", sealText("{}", new Uint8Array(32))],
    ["a key of another length", sealText("{}"), new Uint8Array(16)],
    ["no key", sealText("{}"), new Uint8Array()],
    ["text that is not JSON", sealText(`{"a": ${marker}}`)],
    ["text cut short", sealText(`{"a": "${marker}`)],
    ["an empty text", sealText("")],
    ["an array", sealText(`["${marker}"]`)],
    ["a text", sealText(`"${marker}"`)],
    ["null", sealText("null")],
    ["a number", sealText("42")],
  ])("refuses %s without quoting anything", async (_name, blob, key = fixedKey) => {
    const error: unknown = await openResponse(blob, key, "get_secret").catch((caught: unknown) => caught);
    expect(error).toMatchObject({
      code: "ERR_KSM_TRANSPORT_BAD_RESPONSE",
      endpoint: "get_secret",
      retryable: false,
    });
    expect(error).not.toHaveProperty("cause");
    expect(String(error)).toContain("get_secret");
    expect(`${String(error)}${JSON.stringify(error)}`).not.toContain(marker);
  });
});
