/** Runs the cases of `kms-blobs.json`: files of every official client, encoders, broken files (kms-storage). */
import { deepStrictEqual, fail, ok, rejects, strictEqual } from "node:assert/strict";
import { decodeBase64, decodeHex, encodeHex, type JsonObject } from "@ksmkit/common";
import { sealEnvelope } from "../../../src/sealed/envelope.ts";
import { inspectBlob, sealedStorage, type SealedStorage, type SealedWarning } from "../../../src/sealed/index.ts";
import { splitParts } from "../../../src/sealed/detect-layout.ts";
import { memoryPlace, memoryStore, type MemoryPlace } from "../../sealed/memory-store.ts";
import { vectorWrapper, type CountedWrapper, type VectorKey } from "../../sealed/vector-keys.ts";
import type { VectorSuite } from "./vector-suite.ts";

interface BlobFile {
  keys: Record<string, VectorKey>;
  configs: Record<string, JsonObject>;
  vectors: BlobVector[];
  encode: EncodeVector[];
  negative: NegativeVector[];
}

interface BlobVector {
  id: string;
  dialect: string;
  key: string;
  plaintext: string;
  blobBase64: string;
  config?: string;
  insecure?: boolean;
  partLengths?: number[];
  dekHex?: string;
}

interface EncodeVector {
  id: string;
  dekHex: string;
  nonceHex: string;
  wrappedKeyHex: string;
  plaintext: string;
  blobHex: string;
}

interface NegativeVector {
  id: string;
  key?: string;
  expect: string;
  config?: string;
  blobBase64: string;
}

/** Where our name of an outcome is not the file's. */
const codes: Record<string, string> = {
  BAD_DEK_LENGTH: "ERR_KSM_SEALED_BAD_DATA_KEY_LENGTH",
  BAD_PLAINTEXT: "ERR_KSM_SEALED_BAD_CONTENT",
  INSECURE_BLOB: "ERR_KSM_SEALED_UNPROTECTED",
  UNWRAP_FAILED: "ERR_KSM_KMS_UNWRAP_FAILED",
};
/** Outcomes that must be found out without the key service. */
const withoutCall = /^(?:NOT_A_CONFIG|TRUNCATED|BAD_WRAPPED_KEY_LENGTH|BAD_NONCE_LENGTH|BAD_TAG_LENGTH|INSECURE_BLOB)$/;

interface Opened {
  storage: SealedStorage;
  place: MemoryPlace;
  wrapper: CountedWrapper;
  warnings: SealedWarning["kind"][];
}

function open(file: BlobFile, { key = "gcp-sym-1", blobBase64 }: NegativeVector | BlobVector, more = {}): Opened {
  const bytes = decodeBase64(blobBase64);
  const vectorKey = file.keys[key];
  ok(bytes !== null && vectorKey !== undefined);
  const place = memoryPlace(bytes);
  const wrapper = vectorWrapper(vectorKey);
  const warnings: SealedWarning["kind"][] = [];
  const storage = sealedStorage({
    store: memoryStore(place),
    wrapper,
    plaintext: "allow",
    onWarning: ({ kind }) => warnings.push(kind),
    ...more,
  });
  return { storage, place, wrapper, warnings };
}

/** What a storage shows of a configuration: texts that are not empty. */
function shown(config: JsonObject | undefined): JsonObject {
  return Object.fromEntries(Object.entries(config ?? {}).filter(([, value]) => value !== ""));
}

async function opens(vector: BlobVector, file: BlobFile): Promise<void> {
  const direct = vector.dialect === "direct";
  const { storage, place, wrapper } = open(file, vector, {
    importDirect: direct || vector.dialect === "java-direct",
    allowUnprotected: vector.insecure ?? false,
    plaintext: "migrate",
  });
  const before = place.bytes as Uint8Array;
  const report = inspectBlob(before);
  strictEqual(report.layout, direct ? "unknown" : vector.dialect);
  if (vector.insecure) await rejects(open(file, vector).storage.load(), { code: codes["INSECURE_BLOB"] });

  strictEqual(await storage.decryptConfig(), vector.plaintext);
  deepStrictEqual({ ...(await storage.load()) }, shown(JSON.parse(vector.plaintext) as JsonObject));
  if (vector.config !== undefined) deepStrictEqual({ ...(await storage.load()) }, shown(file.configs[vector.config]));
  if (vector.dekHex !== undefined) {
    const form = vector.dialect === "go-be32" ? "be32" : vector.dialect === "dotnet-le16" ? "le16" : "be16";
    const split = splitParts(before, 4, form);
    deepStrictEqual(split?.parts.map((part) => part.length), vector.partLengths);
    strictEqual(encodeHex(await wrapper.unwrap(split?.parts[0] as Uint8Array, {} as never)), vector.dekHex);
    deepStrictEqual(wrapper.calls, ["unwrap", "unwrap"]);
  }
  // Reading leaves a protected file as it is; one under the constant key is sealed at once.
  if (!vector.insecure) strictEqual(place.bytes, before);
  else strictEqual(inspectBlob(place.bytes as Uint8Array).layout, "standard");

  await storage.save({ ...(await storage.load()), label: "changed" });
  const after = inspectBlob(place.bytes as Uint8Array);
  deepStrictEqual([after.layout, after.nonceLength, after.problem], ["standard", 12, undefined]);
  const key = file.keys[vector.key] as VectorKey;
  const again = sealedStorage({ store: memoryStore(place), wrapper: vectorWrapper(key) });
  deepStrictEqual({ ...(await again.load()) }, { ...(await storage.load()), label: "changed" });
}

async function encodes(vector: EncodeVector): Promise<void> {
  const nonce = decodeHex(vector.nonceHex) as Uint8Array<ArrayBuffer>;
  const blob = await sealEnvelope(vector.plaintext, {
    dataKey: { bytes: hex(vector.dekHex), wrapped: hex(vector.wrappedKeyHex) },
    random: (length) => nonce.slice(0, length),
    nonceLength: nonce.length === 16 ? 16 : 12,
  });
  strictEqual(encodeHex(blob), vector.blobHex);
}

async function refuses(vector: NegativeVector, file: BlobFile): Promise<void> {
  const { storage, place, wrapper, warnings } = open(file, vector);
  const before = place.bytes;
  if (vector.expect === "EMPTY_NO_WRITE") {
    deepStrictEqual([{ ...(await storage.load()) }, warnings], [{}, ["empty"]]);
  } else if (vector.expect === "ACCEPT_AS_PLAINTEXT" || vector.expect === "ACCEPT_WITH_WARNING") {
    deepStrictEqual({ ...(await storage.load()) }, shown(file.configs[vector.config ?? ""]));
    if (vector.expect === "ACCEPT_WITH_WARNING") deepStrictEqual(warnings, ["trailing-data"]);
  } else {
    const code = codes[vector.expect] ?? `ERR_KSM_SEALED_${vector.expect}`;
    await rejects(storage.load(), { code });
    if (withoutCall.test(vector.expect)) deepStrictEqual(wrapper.calls, []);
    // A save must not take it for an empty place either.
    await rejects(storage.save({ hostname: "h.example" }), { code });
  }
  strictEqual(place.bytes, before);
}

function hex(text: string): Uint8Array {
  return decodeHex(text) ?? fail("not hexadecimal");
}

export const suite: VectorSuite = {
  file: "kms-blobs.json",
  cases(file) {
    const { vectors, encode, negative } = file as BlobFile;
    return [...vectors, ...encode, ...negative];
  },
  async run(data, fileData): Promise<void> {
    const file = fileData as BlobFile;
    const vectorCase = data as EncodeVector | NegativeVector | BlobVector;
    if ("blobHex" in vectorCase) return encodes(vectorCase);
    if ("expect" in vectorCase) return refuses(vectorCase, file);
    if ("dialect" in vectorCase) return opens(vectorCase, file);
    fail("unknown kind of case");
  },
};
