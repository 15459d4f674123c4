/** Runs the cases of kind `response` of `ksm-responses.json` through the whole client (ksm-protocol section 11). */
import { deepStrictEqual, match, strictEqual } from "node:assert/strict";
import { decodeBase64, decodeHex, encodeHex, type FetchLike } from "@ksmkit/common";
import { SecretsManager } from "../../../src/client/secrets-manager.ts";
import { memoryStorage } from "../../../src/config/storage.ts";
import { TransportError } from "../../../src/errors/errors.ts";
import { KeyHolder } from "../../../src/records/ksm-file.ts";
import { KsmRecord } from "../../../src/records/ksm-record.ts";
import type { Problem, ProblemReason } from "../../../src/records/problem.ts";

interface Skipped {
  kind: string;
  uid?: string;
  folderUid?: string;
  recordUid?: string;
  reason?: string;
}

interface Expected {
  error?: string;
  appData?: unknown;
  expiresOn?: number | null;
  warnings?: unknown;
  extra?: unknown;
  records?: unknown[];
  folders?: unknown[];
  skipped?: Skipped[];
  justBound?: boolean;
  configAfter?: Record<string, string>;
}

interface ResponseCase {
  input: {
    operation: "get_secret" | "get_folders";
    configBefore: Record<string, string>;
    transmissionKeyHex: string;
    httpBodies: string[];
  };
  expect: { recommended: Expected };
}

/** How the vectors word our reasons. */
const wordings: Record<ProblemReason, RegExp> = {
  "not-an-object": /not an object/,
  "key-missing": /Key missing/,
  "key-unreadable": /Key (?:missing or )?does not decrypt/,
  "key-length": /Key .*(?:length|32)/,
  "data-unreadable": /(?:data|metadata) does not decrypt/,
  "data-not-object": /not (?:a )?JSON/,
  "data-too-deep": /(?!)/,
  "parent-missing": /parent not in the response/,
  "parent-cycle": /parent cycle/,
  "too-deep": /deep/,
};

/** Rejects when the case does not come out as recommended. */
export async function runResponseCase(vectorCase: unknown): Promise<void> {
  const { input, expect } = vectorCase as ResponseCase;
  const expected = expect.recommended;
  const transmissionKey = decodeHex(input.transmissionKeyHex) ?? new Uint8Array();
  let calls = 0;
  const fetch: FetchLike = async () => {
    const body = input.httpBodies[Math.min(calls++, input.httpBodies.length - 1)] ?? "";
    return new Response(decodeBase64(body));
  };
  const storage = memoryStorage(input.configBefore);
  const manager = new SecretsManager({
    storage,
    fetch,
    random: (length) => Uint8Array.from(transmissionKey.subarray(0, length)),
  });
  const justBound = (await manager.status()) === "initialized";
  const run = input.operation === "get_folders" ? checkFolders : checkRecords;
  if (expected.error === undefined) {
    await run(manager, expected);
    strictEqual(justBound, expected.justBound ?? false, "justBound");
    deepStrictEqual({ ...(await storage.load()) }, expected.configAfter ?? input.configBefore, "config");
    return;
  }
  const outcome = await run(manager, {}).catch((error: unknown) => error);
  if (!(outcome instanceof TransportError)) throw new Error("no TransportError", { cause: outcome });
  strictEqual(outcome.code, "ERR_KSM_TRANSPORT_BAD_RESPONSE");
}

async function checkRecords(manager: SecretsManager, expected: Expected): Promise<void> {
  const result = await manager.getSecrets({ keepDuplicates: true, links: true });
  deepStrictEqual(result.appData ?? null, expected.appData ?? null);
  deepStrictEqual(result.expiresOn?.getTime() ?? null, expected.expiresOn ?? null);
  deepStrictEqual(result.warnings, expected.warnings ?? []);
  deepStrictEqual(result.extra ?? null, expected.extra ?? null);
  deepStrictEqual(result.records.map(plainRecord), expected.records);
  checkProblems(result.problems, expected.skipped);
}

async function checkFolders(manager: SecretsManager, expected: Expected): Promise<void> {
  const { folders, problems } = await manager.getFolders();
  deepStrictEqual(
    folders.map((folder) => ({
      folderUid: folder.uid,
      parentUid: folder.parentUid ?? null,
      rootUid: folder.rootUid,
      name: folder.name,
      folderKeyHex: encodeHex(KeyHolder.keyOf(folder)),
    })),
    expected.folders,
  );
  checkProblems(problems, expected.skipped);
}

function plainRecord(record: KsmRecord): unknown {
  const { wire, key } = KsmRecord.stateOf(record);
  return {
    recordUid: record.uid || null,
    folderUid: record.folderUid ?? null,
    innerFolderUid: record.innerFolderUid ?? null,
    revision: wire.revision ?? null,
    isEditable: record.isEditable ?? null,
    recordKeyHex: encodeHex(key ?? new Uint8Array()),
    data: record.data,
    files: record.files.map((file) => ({
      fileUid: file.uid,
      fileKeyHex: encodeHex(KeyHolder.keyOf(file)),
      data: file.metadata,
      url: file.url ?? null,
      thumbnailUrl: file.thumbnailUrl ?? null,
    })),
    links: wire.links,
  };
}

function checkProblems(problems: readonly Problem[], skipped: readonly Skipped[] = []): void {
  const uids = ({ kind, uid, folderUid, recordUid }: Skipped): string =>
    [kind, uid ?? "", folderUid ?? "", recordUid ?? ""].join(" ");
  deepStrictEqual(problems.map(uids).toSorted(), skipped.map(uids).toSorted(), "skipped");
  for (const { kind, uid, reason } of problems) {
    const wording = skipped.find((entry) => entry.kind === kind && entry.uid === uid)?.reason;
    if (wording !== undefined) match(wording, wordings[reason]);
  }
}
