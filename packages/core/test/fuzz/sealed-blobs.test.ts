import { readFileSync } from "node:fs";
import { CodedError, decodeBase64 } from "@ksmkit/common";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { inspectBlob, sealedStorage } from "../../src/sealed/index.ts";
import { memoryPlace, memoryStore } from "../sealed/memory-store.ts";
import { vectorWrapper, type VectorKey } from "../sealed/vector-keys.ts";

interface Blobs {
  keys: Record<string, VectorKey>;
  vectors: { key: string; dialect: string; plaintext: string; blobBase64: string }[];
}

const { keys, vectors } = JSON.parse(
  readFileSync(new URL("../vectors/kms-blobs.json", import.meta.url), "utf8"),
) as Blobs;

/** Opens bytes: the text inside, or the code of the error; fails when they were written over. */
async function open(bytes: Uint8Array, key: string): Promise<string> {
  const place = memoryPlace(bytes);
  const storage = sealedStorage({
    store: memoryStore(place),
    wrapper: vectorWrapper(keys[key]!),
    plaintext: "allow",
    importDirect: true,
  });
  let outcome: string;
  try {
    outcome = await storage.decryptConfig();
  } catch (error) {
    if (!CodedError.isInstance(error)) throw error;
    outcome = error.code;
  }
  expect(place.bytes).toBe(bytes);
  return outcome;
}

/** One of the outcomes that damage may have, or what else came out. */
function outcomeOf(opened: string, before: string, length: number): string {
  if (/^ERR_KSM_(?:SEALED|KMS)_/.test(opened)) return "refused";
  if (length === 0 && opened === "{}") return "nothing yet";
  return opened === before ? "as before" : opened;
}

describe("sealed configurations", () => {
  it("any bytes are told apart without an exception", () => {
    const framed = fc.uint8Array({ maxLength: 200 }).map((rest) => Uint8Array.of(0xff, 0xff, ...rest));
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array({ maxLength: 200 }), framed), (bytes) => {
        expect(inspectBlob(bytes).size).toBe(bytes.length);
      }),
      { numRuns: 2000 },
    );
  });

  it("a cut or changed blob opens to the same text or not at all", async () => {
    const real = vectors.filter(({ dialect }) => dialect !== "java-zero-key");
    const outcomes: string[] = [];
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...real),
        fc.nat(),
        fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 255 })),
        async ({ key, plaintext, blobBase64 }, where, mask) => {
          const bytes = decodeBase64(blobBase64)!;
          const at = where % bytes.length;
          const harmed = mask === 0 ? bytes.slice(0, at) : bytes.slice();
          if (mask !== 0) harmed[at] = bytes[at]! ^ mask;
          outcomes.push(outcomeOf(await open(harmed, key), plaintext, harmed.length));
        },
      ),
      { numRuns: 600 },
    );
    const allowed = new Set(["as before", "refused", "nothing yet"]);
    expect(outcomes.filter((outcome) => !allowed.has(outcome))).toEqual([]);
    expect(outcomes).toContain("refused");
  });
});
