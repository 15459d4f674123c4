/** A hand-made client: speaks the wire through `vault.fetch` and can break every rule on purpose. */
import { createPrivateKey, type KeyObject, sign } from "node:crypto";
import { decodeBase64, encodeBase64, platformRandom as random, utf8Bytes, utf8Text } from "@ksmkit/common";
import { openGcm, sealCbc, sealGcm } from "../../src/wire/aes.ts";
import { deriveClientId, generateUid } from "../../src/wire/identifiers.ts";
import { sealEcies, generateKeyPair, type KeyPair } from "../../src/wire/p256.ts";
import type { Vault } from "../../src/index.ts";

export type Json = Record<string, unknown>;

/** A decoded response: sealed at 200, plaintext otherwise. `json` is empty for an empty body. */
export interface RawAnswer {
  status: number;
  json: Json;
  empty: boolean;
}

/** What a request may do wrong. */
export interface RequestOverrides {
  method?: string;
  keyId?: string | null;
  serverKey?: string;
  wrappedKey?: Uint8Array;
  transmissionKeyLength?: number;
  body?: (sealed: Uint8Array) => Uint8Array;
  plaintext?: string;
  payload?: Json;
  signWith?: KeyPair;
  authorization?: string | null;
  host?: string;
}

/** The part of a vault that clients see. */
export type VaultAccess = Pick<Vault, "ksm" | "fetch">;

export class RawClient {
  vault: VaultAccess;
  readonly secret: Uint8Array;
  readonly clientId: string;
  readonly keys: KeyPair;
  appKey: Uint8Array = new Uint8Array();
  ownerPublicKey: Uint8Array = new Uint8Array();

  constructor(
    vault: VaultAccess,
    token = vault.ksm.oneTimeTokens[0] ?? "",
    keys: KeyPair = generateKeyPair(),
  ) {
    this.vault = vault;
    this.secret = decodeBase64(token) ?? new Uint8Array();
    this.clientId = deriveClientId(this.secret);
    this.keys = keys;
  }

  /** A client that has bound completely. */
  static async bound(vault: VaultAccess, token?: string): Promise<RawClient> {
    const client = new RawClient(vault, token);
    const first = await client.enrol();
    client.appKey = openGcm(client.secret, bytes(first.json["encryptedAppKey"])) ?? new Uint8Array();
    client.ownerPublicKey = bytes(first.json["appOwnerPublicKey"]);
    await client.send("get_secret");
    return client;
  }

  enrol(payload: Json = {}, overrides: RequestOverrides = {}): Promise<RawAnswer> {
    return this.send("get_secret", { publicKey: encodeBase64(this.keys.publicKey), ...payload }, overrides);
  }

  async send(endpoint: string, payload: Json = {}, overrides: RequestOverrides = {}): Promise<RawAnswer> {
    const transmissionKey = random(overrides.transmissionKeyLength ?? 32);
    const serverKey = bytes(overrides.serverKey ?? this.vault.ksm.serverPublicKey);
    const wrappedKey =
      overrides.wrappedKey ?? sealEcies(serverKey, transmissionKey, random) ?? new Uint8Array();
    const common = { clientVersion: "ms17.5.0", clientId: this.clientId };
    const text = overrides.plaintext ?? JSON.stringify({ ...common, ...payload });
    const sealed =
      transmissionKey.length === 32 ? sealGcm(transmissionKey, utf8Bytes(text), random) : random(64);
    const body = overrides.body?.(sealed) ?? sealed;
    const signature = sign("sha256", Buffer.concat([wrappedKey, body]), {
      key: privateKeyObject(overrides.signWith ?? this.keys),
      dsaEncoding: "der",
    });
    const headers: Record<string, string> = {
      transmissionkey: encodeBase64(wrappedKey),
      "user-agent": "raw-client",
    };
    if (overrides.keyId !== null)
      headers["publickeyid"] = overrides.keyId ?? this.vault.ksm.serverPublicKeyId;
    if (overrides.authorization !== null) {
      headers["authorization"] = overrides.authorization ?? `Signature ${signature.toString("base64")}`;
    }
    const method = overrides.method ?? "POST";
    const response = await this.vault.fetch(`https://vault.test/api/rest/sm/v1/${endpoint}`, {
      method,
      headers,
      ...(method === "GET" ? {} : { body: Buffer.from(body) }),
    });
    const received = new Uint8Array(await response.arrayBuffer());
    if (response.status !== 200)
      return { status: response.status, json: parse(utf8Text(received)), empty: false };
    const opened = received.length === 0 ? null : openGcm(transmissionKey, received);
    return {
      status: 200,
      json: opened === null ? {} : parse(utf8Text(opened)),
      empty: received.length === 0,
    };
  }

  /** The folder's key and UID, found by the folder's position in `get_folders`. */
  async rootFolders(): Promise<{ uid: string; key: Uint8Array }[]> {
    const { json } = await this.send("get_folders");
    return list(json["folders"])
      .filter((folder) => folder["parent"] === null)
      .map((folder) => ({
        uid: String(folder["folderUid"]),
        key: openGcm(this.appKey, bytes(folder["folderKey"])) ?? new Uint8Array(),
      }));
  }

  /** A well-formed `create_secret` payload. */
  newRecord(root: { uid: string; key: Uint8Array }, document: Json = { type: "login", title: "New" }): Json {
    const recordKey = random(32);
    return {
      recordUid: generateUid(random),
      recordKey: encodeBase64(sealEcies(this.ownerPublicKey, recordKey, random) ?? new Uint8Array()),
      folderUid: root.uid,
      folderKey: encodeBase64(sealGcm(root.key, recordKey, random)),
      data: encodeBase64(sealGcm(recordKey, utf8Bytes(JSON.stringify(document)), random)),
    };
  }

  /** A well-formed `create_folder` payload. */
  newFolder(root: { uid: string; key: Uint8Array }, name = "Sub"): Json {
    const key = random(32);
    return {
      folderUid: generateUid(random),
      sharedFolderUid: root.uid,
      sharedFolderKey: Buffer.from(sealCbc(root.key, key, random)).toString("base64url"),
      data: Buffer.from(sealCbc(key, utf8Bytes(JSON.stringify({ name })), random)).toString("base64url"),
    };
  }
}

export function bytes(value: unknown): Uint8Array {
  return (typeof value === "string" ? decodeBase64(value) : null) ?? new Uint8Array();
}

export function list(value: unknown): Json[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}

/** Every record of a response, flat ones first. */
export function recordsOf(response: Json): Json[] {
  return [
    ...list(response["records"]),
    ...list(response["folders"]).flatMap((folder) => list(folder["records"])),
  ];
}

function isObject(value: unknown): value is Json {
  return typeof value === "object" && value !== null;
}

function parse(text: string): Json {
  if (text === "") return {};
  const value: unknown = JSON.parse(text);
  return isObject(value) ? value : { value };
}

function privateKeyObject(pair: KeyPair): KeyObject {
  const url = (part: Uint8Array): string => Buffer.from(part).toString("base64url");
  const x = url(pair.publicKey.subarray(1, 33));
  const y = url(pair.publicKey.subarray(33));
  const jwk = { kty: "EC", crv: "P-256", x, y, d: url(pair.privateKey) };
  return createPrivateKey({ format: "jwk", key: jwk });
}
