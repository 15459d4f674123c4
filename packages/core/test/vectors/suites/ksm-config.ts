/** Runs the cases of `ksm-config.json`: configuration texts and byte values (ksm-protocol section 7.3). */
import { deepStrictEqual, fail, rejects, strictEqual, throws } from "node:assert/strict";
import { encodeHex } from "@ksmkit/common";
import { decodeConfigBytes, optionalValue } from "../../../src/config/config-values.ts";
import { parseConfigText } from "../../../src/config/config-text.ts";
import { memoryStorage, type ConfigValues } from "../../../src/config/storage.ts";
import type { VectorSuite } from "./vector-suite.ts";

interface ConfigCase {
  id: string;
  kind: string;
  input: { config?: string; value?: string; object?: Record<string, unknown>; key?: string };
  expect: { recommended?: { ok?: unknown; error?: unknown; absent?: boolean } };
}

const refused = { code: "ERR_KSM_CONFIG_INVALID" };

function parseConfig({ input: { config = "" }, expect }: ConfigCase): void {
  if (expect.recommended?.ok === undefined) throws(() => parseConfigText(config), refused);
  else deepStrictEqual({ ...parseConfigText(config) }, expect.recommended.ok);
}

function decodeBytesValue({ input: { value = "" }, expect }: ConfigCase): void {
  const { recommended } = expect;
  if (recommended?.absent) strictEqual(optionalValue({ appKey: value }, "appKey"), undefined);
  else if (recommended?.ok === undefined) throws(() => decodeConfigBytes(value, "appKey"), refused);
  else strictEqual(encodeHex(decodeConfigBytes(value, "appKey")), recommended.ok);
}

/** The file shows the vendor's habits (paths, falsy values); ours: a text is found under its literal key. */
async function literalKeys({ input: { object = {}, key = "" } }: ConfigCase): Promise<void> {
  const nested = Object.values(object).some((value) => typeof value === "object" && value !== null);
  const load = async (): Promise<ConfigValues> => memoryStorage(JSON.stringify(object)).load();
  if (nested) return rejects(load, refused);
  const value = object[key];
  const absent = value === null || value === undefined || value === "";
  strictEqual((await load())[key], absent ? undefined : JSON.stringify(value).replace(/^"|"$/g, ""));
}

export const suite: VectorSuite = {
  file: "ksm-config.json",
  async run(vectorCase): Promise<void> {
    const configCase = vectorCase as ConfigCase;
    if (configCase.kind === "parseConfig") return parseConfig(configCase);
    if (configCase.kind === "decodeBytesValue") return decodeBytesValue(configCase);
    if (configCase.kind === "javascriptInMemoryGet") return literalKeys(configCase);
    fail(`unknown kind ${configCase.kind}`);
  },
};
