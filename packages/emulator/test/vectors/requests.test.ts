import { readFileSync } from "node:fs";
import { join } from "node:path";
import { decodeHex, encodeHex, isJsonObject, platformRandom, utf8Text } from "@ksmkit/common";
import { expect, test } from "vitest";
import type { EndpointContext } from "../../src/endpoints/endpoint.ts";
import { endpoints } from "../../src/endpoints/table.ts";
import { newVaultState } from "../../src/state/new-state.ts";
import type { FolderState, RecordState, ServerState } from "../../src/vault/state.ts";
import { openCbc, openGcm } from "../../src/wire/aes.ts";
import { bytes, type Json, list } from "../support/raw-client.ts";

const vectors: unknown = JSON.parse(readFileSync(join(import.meta.dirname, "ksm-requests.json"), "utf8"));
const cases = list(isJsonObject(vectors) ? vectors["cases"] : []);

const child = (object: Json, key: string): Json => {
  const value = object[key];
  return isJsonObject(value) ? value : {};
};
const text = (object: Json, key: string): string | undefined => {
  const value = object[key];
  return typeof value === "string" ? value : undefined;
};

/** A vault that holds whatever the captured request takes for granted. */
function sceneFor(operation: string, payload: Json): EndpointContext {
  const { server: state } = newVaultState("Vectors", [10], platformRandom);
  const root = text(payload, "sharedFolderUid") ?? (operation === "update_folder" ? "root" : text(payload, "folderUid"));
  if (root !== undefined) addFolder(state, root, null);
  for (const key of ["parentUid", "subFolderUid"]) {
    const uid = text(payload, key);
    if (uid !== undefined) addFolder(state, uid, root ?? "");
  }
  if (operation === "update_folder") addFolder(state, text(payload, "folderUid") ?? "", "root");
  const held = [text(payload, "ownerRecordUid"), text(payload, "recordUid"), ...list(payload["recordUids"])];
  const deleted = Array.isArray(payload["recordUids"]) ? [payload["recordUids"][0]] : [];
  for (const uid of operation === "create_secret" ? [] : [...held, ...deleted]) {
    if (typeof uid === "string") addRecord(state, uid, Number(payload["revision"] ?? payload["ownerRecordRevision"] ?? 1));
  }
  return {
    state,
    client: {
      clientId: text(payload, "clientId") ?? "",
      name: "capture",
      encryptedAppKey: "c2VhbGVk",
      publicKey: null,
      lockIp: false,
      pinnedIp: null,
      firstAccessExpiresAt: 0,
      accessExpiresAt: 0,
      lastAccessAt: 0,
    },
    clock: Date.now,
    origin: "https://vault.test",
    enrolKey: typeof payload["publicKey"] === "string" ? bytes(payload["publicKey"]) : null,
    remoteAddress: "127.0.0.1",
    readOnly: false,
    changed: () => undefined,
  };
}

function addFolder(state: ServerState, uid: string, parent: string | null): void {
  const folder: FolderState = {
    uid,
    parent,
    root: parent ?? uid,
    folderKey: "",
    data: "",
    shared: parent === null,
    editable: true,
  };
  state.folders.set(uid, folder);
}

function addRecord(state: ServerState, uid: string, revision: number): void {
  const record: RecordState = {
    uid,
    data: "",
    revision,
    ownerKey: "",
    placements: [],
    share: { recordKey: "", editable: true },
    pending: { data: "pending", detach: [] },
    files: [],
    links: [],
  };
  state.records.set(uid, record);
}

function opened(sealed: Uint8Array | null): unknown {
  return sealed === null ? null : JSON.parse(utf8Text(sealed));
}

const hex = (bytes: Uint8Array | null): string => encodeHex(bytes ?? new Uint8Array());

/** What the vault has of a request, opened with the captured keys: the same members as in the vector. */
function kept(operation: string, payload: Json, state: ServerState, keys: Json): Json {
  const key = (name: string): Uint8Array => decodeHex(text(keys, name) ?? "") ?? new Uint8Array();
  const record = state.records.get(text(payload, "recordUid") ?? text(payload, "ownerRecordUid") ?? "");
  const folder = state.folders.get(text(payload, "folderUid") ?? "");
  switch (operation) {
    case "create_secret": {
      const recordKey = openGcm(key("sharedFolderKeyHex"), bytes(record?.placements[0]?.recordKey));
      return { recordKeyHex: hex(recordKey), data: opened(openGcm(recordKey ?? new Uint8Array(), bytes(record?.data))) };
    }
    case "update_secret": {
      const stored = payload["transactionType"] === "rotation" ? record?.pending?.data : record?.data;
      return { data: opened(openGcm(key("recordKeyHex"), bytes(stored))) };
    }
    case "create_folder": {
      const folderKey = openCbc(key("sharedFolderKeyHex"), bytes(folder?.folderKey));
      return { folderKeyHex: hex(folderKey), data: opened(openCbc(folderKey ?? new Uint8Array(), bytes(folder?.data))) };
    }
    case "update_folder":
      return { data: opened(openCbc(key("folderKeyHex"), bytes(folder?.data))) };
    case "add_file": {
      const file = state.files.get(text(payload, "fileRecordUid") ?? "");
      const fileKey = openGcm(key("recordKeyHex"), bytes(record?.files[0]?.fileKey));
      return {
        fileKeyHex: hex(fileKey),
        fileRecordData: opened(openGcm(fileKey ?? new Uint8Array(), bytes(file?.data))),
        ownerRecordData: opened(openGcm(key("recordKeyHex"), bytes(record?.data))),
      };
    }
    default:
      return {};
  }
}

const envelope = expect.objectContaining({ expiresOn: 0, warnings: null, extra: null });

/** Answers of which only the shape counts: the captured ones hold another server's keys and URLs. */
const shapes: Readonly<Record<string, unknown>> = {
  get_secret: envelope,
  get_folders: envelope,
  add_file: { url: "https://vault.test/files/upload", parameters: expect.any(String), successStatusCode: 201 },
};

test.each(cases.map((vector) => [String(vector["id"]), vector] as const))("%s", (_id, vector) => {
  const input = child(vector, "input");
  const expected = child(vector, "expect");
  const payload = child(input, "payload");
  const operation = text(input, "operation") ?? "";
  const context = sceneFor(operation, payload);
  const response = endpoints.get(operation)?.(context, payload);
  expect(response).toEqual(shapes[operation] ?? expected["responseJson"]);
  expect(kept(operation, payload, context.state, child(input, "keys"))).toEqual(child(expected, "decoded"));
});

test("all captured requests are here", () => {
  expect(cases).toHaveLength(32);
  expect(new Set(cases.map((vector) => child(vector, "input")["operation"])).size).toBe(endpoints.size);
});
