/** The platform over Node: core's cryptography under the names that the SDK's users know. */
import { Buffer } from "node:buffer";
import { randomBytes, randomInt } from "node:crypto";
import type { Agent } from "node:http";
import { version } from "node:process";
import { concatBytes, encodeBase64, equalBytes } from "@ksmkit/common";
import { generateUid } from "@ksmkit/core/generators";
import {
  clientIdFor,
  formFrame,
  importPrivateKey,
  provider,
  sealEcies,
  type HmacHash,
  type PrivateKey,
} from "@ksmkit/core/internal";
import { failure, invalidKeyLength, KeeperError } from "../errors.ts";
import { forgetKeys, noKeysKnown } from "../keys/key-rings.ts";
import { KeyTable } from "../keys/key-table.ts";
import type { KeyValueStorage, Platform } from "../types/platform.ts";
import { sendRequest, type NodeRequest } from "./node-requests.ts";

const postLimits = { timeoutMs: 120_000, maxBytes: 0x1000_0000 };
const fileLimits = { timeoutMs: 600_000, maxBytes: 0x8000_0000 };

const hashes: Partial<Record<string, HmacHash>> = { SHA1: "SHA-1", SHA256: "SHA-256", SHA512: "SHA-512" };

/** Makes a platform with keys and agent of its own. */
export function createNodePlatform(): Platform {
  const keys = new KeyTable();
  const signers = new WeakMap<KeyValueStorage, { bytes: Uint8Array; key: PrivateKey }>();
  let agent: Agent | undefined;

  const privateKey = async (keyId: string, storage: KeyValueStorage): Promise<PrivateKey> => {
    const bytes = await keys.load(keyId, storage);
    const known = signers.get(storage);
    if (known !== undefined && equalBytes(known.bytes, bytes)) return known.key;
    const key = await importPrivateKey(bytes);
    signers.set(storage, { bytes: new Uint8Array(bytes), key });
    return key;
  };
  const send = (url: string, request: Omit<NodeRequest, "agent">): ReturnType<typeof sendRequest> =>
    sendRequest(url, { ...request, agent });

  const self: Platform = {
    bytesToBase64: (data) => encodeBase64(data),
    base64ToBytes(data) {
      if (data === null || data === undefined)
        throw new KeeperError(`base64ToBytes: received ${String(data)}`);
      return Buffer.from(data, "base64");
    },
    bytesToString: (data) => view(data).toString("utf8"),
    stringToBytes: (data) => Buffer.from(data),
    getRandomBytes: (length) => randomBytes(length),

    async generatePrivateKey(keyId, storage) {
      const key = await provider.exportPkcs8(await provider.generateKeyPair());
      await storage.saveBytes(keyId, view(key));
    },
    exportPublicKey: async (keyId, storage) => view((await privateKey(keyId, storage)).publicPoint),
    sign: async (data, keyId, storage) => view(await provider.sign(await privateKey(keyId, storage), data)),
    publicEncrypt: async (data, key, id) =>
      view(await sealEcies(await provider.importPoint(key), data, { id: id?.length ? id : undefined })),

    importKey: (keyId, key, storage) => keys.keep(keyId, key, storage, true),
    async unwrap(key, keyId, unwrappingKeyId, storage, memoryOnly, useCBC) {
      const opened = await self.decrypt(key, unwrappingKeyId, storage, useCBC);
      await keys.keep(keyId, opened, storage, !memoryOnly);
    },
    encrypt: async (data, keyId, storage, useCBC) =>
      self.encryptWithKey(data, await keys.load(keyId, storage), useCBC),
    async encryptWithKey(data, key, useCBC) {
      requireKey(key);
      return view(await (useCBC ? provider.sealCbc(key, data) : provider.sealGcm(key, data)));
    },
    async decrypt(data, keyId, storage, useCBC) {
      let refused: unknown;
      for (const key of await keys.candidates(keyId, storage)) {
        try {
          return await self.decryptWithKey(data, key, useCBC);
        } catch (error) {
          refused = error;
        }
      }
      throw refused;
    },
    async decryptWithKey(data, key, useCBC) {
      requireKey(key);
      const opened = await (useCBC ? provider.openCbc(key, data) : provider.openGcm(key, data));
      if (opened === null)
        throw failure(useCBC ? "bad decrypt" : "Unsupported state or unable to authenticate data");
      return view(opened);
    },
    hash: async (data) => Buffer.from(await clientIdFor(data), "base64"),
    cleanKeyCache() {
      keys.clear();
      forgetKeys();
    },
    hasKeysCached: () => !keys.isEmpty || !noKeysKnown(),

    async getHmacDigest(algorithm, secret, message) {
      const hash = hashes[algorithm.toUpperCase()];
      return hash === undefined ? new Uint8Array() : view(await provider.hmac(hash, secret, message));
    },
    getRandomNumber: async (n) => randomInt(n),
    async getRandomCharacterInCharset(charset) {
      const characters = Array.from(charset);
      if (characters.length === 0) throw failure("The character set is empty.");
      return characters[randomInt(characters.length)] ?? "";
    },

    get: (url, headers, allowUnverifiedCertificate) =>
      send(requireUrl(url), {
        method: "GET",
        headers: headers ?? {},
        allowUnverifiedCertificate,
        ...fileLimits,
      }).then(answerOf),
    post: (url, request, headers = {}, allowUnverifiedCertificate) =>
      send(url, {
        method: "POST",
        headers: {
          "Content-Type": "application/octet-stream",
          "Content-Length": String(request.length),
          "User-Agent": `Node/${version}`,
          ...headers,
        },
        body: new Uint8Array(request),
        allowUnverifiedCertificate,
        ...postLimits,
      }).then(answerOf),
    async fileUpload(url, uploadParameters, data, allowUnverifiedCertificate) {
      const content = data instanceof Uint8Array ? data : new Uint8Array(await data.arrayBuffer());
      const fields = Object.entries(uploadParameters ?? {}).map(
        ([name, value]) => [name, String(value)] as const,
      );
      const { head, tail, contentType } = formFrame(fields, `ksmkit-${generateUid()}`);
      const body = concatBytes(head, content, tail);
      const { headers, statusCode, statusMessage } = await send(requireUrl(url), {
        method: "POST",
        headers: { "Content-Type": contentType, "Content-Length": String(body.length) },
        body,
        allowUnverifiedCertificate,
        ...fileLimits,
      });
      return { headers, statusCode, statusMessage };
    },
    setCustomProxyAgent(proxyAgent) {
      agent = proxyAgent ?? undefined;
    },
  };
  return self;
}

/** The platform until another one is connected. */
export const nodePlatform: Platform = createNodePlatform();

const made = { ...nodePlatform };

/** True as long as the platform's sealing and opening were not replaced. */
export function sealsAsMade(platform: Platform): boolean {
  return platform.encryptWithKey === made.encryptWithKey && platform.decryptWithKey === made.decryptWithKey;
}

function answerOf({ statusCode, headers, data }: Awaited<ReturnType<typeof sendRequest>>): {
  statusCode: number;
  headers: unknown;
  data: Buffer;
} {
  return { statusCode, headers, data: view(data) };
}

/** What Node's users got so far: `toString("utf8")` and the like work on it. */
function view(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function requireKey(key: Uint8Array): void {
  if (key.length !== 32) throw invalidKeyLength();
}

function requireUrl(url: string | undefined): string {
  if (typeof url === "string" && url !== "") return url;
  throw failure("The file has no address: its content was never uploaded, or it has no thumbnail.");
}
