/**
 * Runs the cases of kind `request` of `ksm-responses.json`: what the two vendor SDKs write, we can open with
 * the keys that our own objects would hold (ksm-protocol section 10).
 */
import { deepStrictEqual, fail, ok, strictEqual } from "node:assert/strict";
import { decodeBase64, decodeHex, encodeHex, parseJsonObject, utf8Text } from "@ksmkit/common";
import { provider } from "#crypto";
import { openEcies } from "../../../src/crypto/ecies.ts";
import { importPrivateKey } from "../../../src/crypto/private-key.ts";
import { decodeDeletions, decodeUpload } from "../../../src/protocol/wire.ts";

interface RequestCase {
  input: { operation: string; payload: Record<string, unknown>; keys: Record<string, string | null> };
  expect: { decoded: Record<string, unknown>; responseJson?: Record<string, unknown> | null };
}

function bytes(value: unknown): Uint8Array {
  return decodeBase64(String(value)) ?? fail("not base64");
}

/** Rejects when the case does not come out as recorded. */
export async function runRequestCase(vectorCase: unknown): Promise<void> {
  const { input, expect } = vectorCase as RequestCase;
  const { payload, keys, operation } = input;
  const { decoded, responseJson } = expect;
  const key = (name: string): Uint8Array => decodeHex(keys[name] ?? "") ?? fail(`no ${name}`);
  strictEqual(bytes(payload["clientId"]).length, 64, "client id");
  ok(/^[a-z]{2}\d+\.\d+\.\d+$/.test(String(payload["clientVersion"])), "client version");

  const json = async (opened: Uint8Array | null | Promise<Uint8Array | null>): Promise<unknown> =>
    parseJsonObject(utf8Text((await opened) ?? fail("does not open")));
  const owner = async (sealed: unknown): Promise<Uint8Array> => {
    const privateKey = await importPrivateKey(bytes(keys["ownerPrivateKeyPkcs8"]));
    return (await openEcies(privateKey, bytes(sealed))) ?? fail("does not open for the owner");
  };
  const checkKey = (opened: Uint8Array | null, name: string): Uint8Array => {
    strictEqual(encodeHex(opened ?? fail(`${name} does not open`)), decoded[name], name);
    return opened ?? fail(name);
  };

  switch (operation) {
    case "get_secret":
    case "get_folders":
      if (payload["publicKey"]) strictEqual(bytes(payload["publicKey"]).length, 65, "public key");
      break;
    case "create_secret": {
      const shared = await provider.openGcm(key("sharedFolderKeyHex"), bytes(payload["folderKey"]));
      const recordKey = checkKey(shared, "recordKeyHex");
      checkKey(await owner(payload["recordKey"]), "recordKeyHex");
      deepStrictEqual(await json(provider.openGcm(recordKey, bytes(payload["data"]))), decoded["data"]);
      break;
    }
    case "update_secret":
      deepStrictEqual(await json(provider.openGcm(key("recordKeyHex"), bytes(payload["data"]))), decoded["data"]);
      break;
    case "create_folder": {
      const folderKey = checkKey(
        await provider.openCbc(key("sharedFolderKeyHex"), bytes(payload["sharedFolderKey"])),
        "folderKeyHex",
      );
      deepStrictEqual(await json(provider.openCbc(folderKey, bytes(payload["data"]))), decoded["data"]);
      break;
    }
    case "update_folder":
      deepStrictEqual(await json(provider.openCbc(key("folderKeyHex"), bytes(payload["data"]))), decoded["data"]);
      break;
    case "add_file": {
      const recordKey = key("recordKeyHex");
      const fileKey = checkKey(await provider.openGcm(recordKey, bytes(payload["linkKey"])), "fileKeyHex");
      checkKey(await owner(payload["fileRecordKey"]), "fileKeyHex");
      deepStrictEqual(await json(provider.openGcm(fileKey, bytes(payload["fileRecordData"]))), decoded["fileRecordData"]);
      deepStrictEqual(await json(provider.openGcm(recordKey, bytes(payload["ownerRecordData"]))), decoded["ownerRecordData"]);
      const upload = decodeUpload(responseJson ?? {});
      strictEqual(upload?.url, responseJson?.["url"]);
      deepStrictEqual(Object.fromEntries(upload?.parameters ?? []), parseJsonObject(String(responseJson?.["parameters"])));
      break;
    }
    case "delete_secret":
    case "delete_folder": {
      const list = operation === "delete_secret" ? "records" : "folders";
      const answered = responseJson?.[list] as { responseCode: string }[];
      deepStrictEqual(
        decodeDeletions(responseJson ?? {}, list).map(({ responseCode }) => responseCode),
        answered.map(({ responseCode }) => responseCode),
      );
      break;
    }
    case "finalize_secret_update":
    case "rollback_secret_update":
      ok(typeof payload["recordUid"] === "string");
      break;
    default:
      fail(`unknown operation ${operation}`);
  }
}
