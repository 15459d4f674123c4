/**
 * Record links (ksm-protocol section 19): every accessor, without and with the owner's key. Where the two SDKs
 * differ, the rule of the section is worked out here, independently of the sources.
 */
import assert from "node:assert/strict";
import { decodeBase64 } from "@ksmkit/common";
import { decodeLinks, type RecordLink } from "../../../src/links/record-link.ts";
import type { VectorSuite } from "./vector-suite.ts";

interface LinkCase {
  kind: string;
  input: { link: { data?: unknown }; links: unknown; recordKey: string };
  expect: { agreed: Record<string, unknown>; differs?: Record<string, unknown>; recommended: unknown };
}

type Accessor = (link: RecordLink, key: Uint8Array) => unknown;

const accessors: Record<string, Accessor> = {
  isAdminUser: (link) => link.isAdminUser(),
  isLaunchCredential: (link) => link.isLaunchCredential(),
  isIamUser: (link) => link.isIamUser(),
  belongsTo: (link) => link.belongsTo(),
  noUpdateServices: (link) => link.noUpdateServices(),
  allowsRotation: (link) => link.allowsRotation(),
  allowsConnections: (link) => link.allowsConnections(),
  allowsPortForwards: (link) => link.allowsPortForwards(),
  allowsSessionRecording: (link) => link.allowsSessionRecording(),
  allowsTypescriptRecording: (link) => link.allowsTypescriptRecording(),
  allowsRemoteBrowserIsolation: (link) => link.allowsRemoteBrowserIsolation(),
  aiEnabled: (link) => link.aiEnabled(),
  aiSessionTerminate: (link) => link.aiSessionTerminate(),
  rotatesOnTermination: (link) => link.rotatesOnTermination(),
  linkDataVersion: (link) => link.getLinkDataVersion(),
  allowedSettings: (link) => link.getAllowedSettings(),
  rotationSettings: (link) => link.getRotationSettings(),
  decodedData: (link) => link.getDecodedData(),
  hasReadableData: (link) => link.hasReadableData(),
  hasEncryptedData: (link) => link.hasEncryptedData(),
  mightBeEncrypted: (link) => link.mightBeEncrypted(),
  decryptedData: (link) => link.getDecryptedData(),
  decryptedDataWithKey: (link, key) => link.getDecryptedData(key),
  linkData: (link) => link.getLinkData(),
  linkDataWithKey: (link, key) => link.getLinkData(key),
  metaData: (link) => link.getMetaData(),
  metaDataWithKey: (link, key) => link.getMetaData(key),
  aiSettingsData: (link) => link.getAiSettingsData(),
  aiSettingsDataWithKey: (link, key) => link.getAiSettingsData(key),
  jitSettingsData: (link) => link.getJitSettingsData(),
  jitSettingsDataWithKey: (link, key) => link.getJitSettingsData(key),
  settingsForOwnPath: (link, key) => (link.path === null ? null : link.getSettingsForPath(link.path, key)),
};

/** Accessors that flags in the data decide: their key, and whether `allowedSettings` may hold it. */
const flags: Record<string, { key: string; setting: boolean }> = {
  isAdminUser: { key: "is_admin", setting: false },
  isLaunchCredential: { key: "is_launch_credential", setting: false },
  isIamUser: { key: "is_iam_user", setting: false },
  belongsTo: { key: "belongs_to", setting: false },
  noUpdateServices: { key: "no_update_services", setting: false },
  rotatesOnTermination: { key: "rotateOnTermination", setting: false },
  allowsRotation: { key: "rotation", setting: true },
  allowsConnections: { key: "connections", setting: true },
  allowsPortForwards: { key: "portForwards", setting: true },
  allowsSessionRecording: { key: "sessionRecording", setting: true },
  allowsTypescriptRecording: { key: "typescriptRecording", setting: true },
  allowsRemoteBrowserIsolation: { key: "remoteBrowserIsolation", setting: true },
  aiEnabled: { key: "aiEnabled", setting: true },
  aiSessionTerminate: { key: "aiSessionTerminate", setting: true },
};

export const suite: VectorSuite = {
  file: "ksm-links.json",
  async run(vectorCase) {
    const { kind, input, expect } = readCase(vectorCase);
    if (kind === "getLinks") {
      const uids = decodeLinks(input.links).map((link) => link.recordUid);
      assert.deepEqual(uids, expect.recommended);
      return;
    }
    assert.equal(kind, "link");
    const [link] = decodeLinks([input.link]);
    assert.ok(link);
    const key = decodeBase64(input.recordKey) ?? assert.fail("the key is not base64");
    const names = [...Object.keys(expect.agreed), ...Object.keys(expect.differs ?? {})];
    assert.deepEqual(names.toSorted(), Object.keys(accessors).toSorted(), "every accessor is in the vector");
    for (const [name, read] of Object.entries(accessors)) {
      const expected = name in expect.agreed ? expect.agreed[name] : recommended(name, input.link.data);
      assert.deepEqual(await read(link, key), expected, name);
    }
  },
};

/** UTF-8 with replacement characters, a byte order mark kept. */
function lossyText(bytes: Uint8Array): string {
  return new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);
}

/** What section 19 says about an accessor that depends on plain data only. */
function recommended(name: string, data: unknown): unknown {
  const compact = typeof data === "string" ? data.replace(/\s/g, "") : "";
  const isBase64 = data !== "" && /^[\w+/-]*={0,2}$/.test(compact);
  const text = isBase64 ? lossyText(decodeBase64(compact) ?? assert.fail("not base64")) : null;
  const readable = text?.startsWith("{") || text?.startsWith("[") || false;
  const parsed = readable ? parseObject(text ?? "") : null;
  const settings = objectOrNull(parsed?.["allowedSettings"]) ?? {};
  const flag = flags[name];
  if (flag) {
    const top = parsed?.[flag.key];
    return typeof top === "boolean" || !flag.setting ? top === true : settings[flag.key] === true;
  }
  switch (name) {
    case "decodedData":
      return text;
    case "hasReadableData":
      return readable;
    case "hasEncryptedData": {
      const start = Array.from((text ?? "").slice(0, 100));
      const printable = start.filter((char) => /[ -~\n\r\t]/.test(char)).length;
      return text !== null && !readable && printable <= start.length * 0.9;
    }
    case "linkDataVersion":
      return Number.isSafeInteger(parsed?.["version"]) ? parsed?.["version"] : null;
    case "allowedSettings":
      return settings;
    case "rotationSettings":
      return objectOrNull(parsed?.["rotation_settings"]);
    case "linkData":
      return parsed;
    default:
      return assert.fail(`no rule for a difference in ${name}`);
  }
}

function parseObject(text: string): Record<string, unknown> | null {
  try {
    return objectOrNull(JSON.parse(text));
  } catch {
    return null;
  }
}

function objectOrNull(value: unknown): Record<string, unknown> | null {
  const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
  return isObject ? (value as Record<string, unknown>) : null;
}

function readCase(value: unknown): LinkCase {
  return value as LinkCase;
}
