/** Opens an answer of `get_secret`: application key → folder keys → records (ksm-protocol section 11). */
import { decodeBase64, utf8Text, type JsonObject } from "@ksmkit/common";
import { provider } from "#crypto";
import type { CryptoProvider, SealedItem } from "../crypto/provider.ts";
import { decodeFolder, decodeRecord, decodeSecrets, type WireFolder } from "../protocol/wire.ts";
import type { Freshness } from "./freshness.ts";
import { KsmRecord } from "./ksm-record.ts";
import { keyLength, openStates, type RecordState } from "./open-records.ts";
import { parseContent, problem, type Problem } from "./problem.ts";

/** Options of {@link openSecrets}. */
export interface OpenSecretsOptions {
  /** The application key, 32 bytes. */
  appKey: Uint8Array;
  /**
   * Leaves each record sealed until it is used; `auto`: only where it then opens by itself. Broken records then
   * show when used. Default: false.
   */
  lazy?: boolean | "auto" | undefined;
  /** Keeps one copy of a record that is shared several times, the first that opens. Default: false. */
  unique?: boolean | undefined;
  /** How fresh the answer is; kept by each record. */
  freshness?: Freshness | undefined;
  /** Default: the platform's provider. */
  crypto?: CryptoProvider | undefined;
}

/** What {@link openSecrets} found. */
export interface OpenedSecrets {
  /** Records shared directly, then those of each folder, in the order of the answer. */
  records: KsmRecord[];
  /** What was left out, and why. */
  problems: Problem[];
  /** The application's own data (`title`, `type`); `undefined` when it is missing or does not open. */
  appData: JsonObject | undefined;
  /** When the client's access ends; `undefined` for never. */
  expiresOn: Date | undefined;
  /** Notices of the service. */
  warnings: string[];
  /** Free-form additions of the service, when there are any. */
  extra: JsonObject | undefined;
}

/**
 * Opens an answer of `get_secret`. One broken item never harms another: it is left out and reported.
 *
 * @throws {@link CryptoError} `ERR_KSM_CRYPTO_KEY_INVALID` when the application key is not 32 bytes.
 */
export async function openSecrets(response: JsonObject, options: OpenSecretsOptions): Promise<OpenedSecrets> {
  const { appKey, crypto = provider, lazy = false, unique = false, freshness } = options;
  const wire = decodeSecrets(response);
  const problems: Problem[] = [];
  const folders = await openFolderKeys(wire.folders, appKey, crypto, problems);

  const states: RecordState[] = [];
  const folderKeys = new Map(folders.map(({ wire: { folderUid }, key }) => [folderUid, key]));
  addStates(wire.records, "", [appKey], { folderKeys, crypto, states, problems, freshness });
  for (const { wire: folder, key } of folders) {
    addStates(folder.records, folder.folderUid, [key, appKey], { crypto, states, problems, freshness });
  }
  if (!(lazy === "auto" ? crypto.openGcmSync : lazy)) await openStates(states);

  const records: KsmRecord[] = [];
  const seen = new Set<string>();
  for (const state of states) {
    const { recordUid } = state.wire;
    if (state.broken) problems.push(state.broken);
    else if (!unique || recordUid === "" || !seen.has(recordUid)) {
      if (unique) seen.add(recordUid);
      records.push(new KsmRecord(state));
      for (const fileProblem of state.fileProblems ?? []) problems.push(fileProblem);
    }
  }
  const appData = await openAppData(wire.appData, appKey, crypto, problems);
  const expiresOn = wire.expiresOn === undefined ? undefined : new Date(wire.expiresOn);
  return {
    records,
    problems,
    appData,
    // A time past the range of dates is as good as never.
    expiresOn: expiresOn && Number.isNaN(expiresOn.getTime()) ? undefined : expiresOn,
    warnings: wire.warnings,
    extra: wire.extra,
  };
}

interface OpenFolder {
  readonly wire: WireFolder;
  readonly key: Uint8Array;
}

async function openFolderKeys(
  raw: readonly unknown[],
  appKey: Uint8Array,
  crypto: CryptoProvider,
  problems: Problem[],
): Promise<OpenFolder[]> {
  const items: (SealedItem & { wire: WireFolder })[] = [];
  for (const entry of raw) {
    const wire = decodeFolder(entry);
    const blob = wire && decodeBase64(wire.folderKey);
    if (wire?.folderKey && blob) items.push({ key: appKey, blob, wire });
    else {
      const reason = wire === null ? "not-an-object" : blob ? "key-missing" : "key-unreadable";
      problems.push(problem("folder", reason, { uid: wire?.folderUid ?? "" }));
    }
  }
  const opened = await crypto.openAll(items);
  return items.flatMap(({ wire }, i) => {
    const key = opened[i];
    if (key?.length === keyLength) return [{ wire, key }];
    problems.push(problem("folder", key ? "key-length" : "key-unreadable", { uid: wire.folderUid }));
    return [];
  });
}

/** Where {@link addStates} finds keys and puts what it makes. */
interface StateContext {
  readonly crypto: CryptoProvider;
  readonly states: RecordState[];
  readonly problems: Problem[];
  readonly freshness: Freshness | undefined;
  /** Keys of all folders of the answer; given for records shared directly. */
  readonly folderKeys?: ReadonlyMap<string, Uint8Array>;
}

function addStates(
  raw: readonly unknown[],
  inFolder: string,
  keys: readonly [Uint8Array, ...Uint8Array[]],
  { crypto, states, problems, freshness, folderKeys }: StateContext,
): void {
  for (const entry of raw) {
    const wire = decodeRecord(entry);
    if (wire === null) {
      problems.push(problem("record", "not-an-object", { folderUid: inFolder }));
      continue;
    }
    const { recordUid, recordKey, innerFolderUid } = wire;
    const folderUid = inFolder || wire.folderUid;
    const direct = folderKeys !== undefined;
    if (recordKey === "" && !direct) {
      problems.push(problem("record", "key-missing", { uid: recordUid, folderUid }));
      continue;
    }
    let candidates: readonly Uint8Array[] = keys;
    if (direct && (innerFolderUid !== "" || folderUid !== "")) {
      const named = [folderKeys.get(innerFolderUid), folderKeys.get(folderUid)];
      candidates = [...keys, ...named.filter((key) => key !== undefined)];
    }
    states.push({
      wire,
      folderUid,
      candidates,
      crypto,
      freshness,
      // An old single-record share: the application key itself is the record key.
      key: recordKey === "" ? keys[0] : undefined,
      data: undefined,
      exactNumbers: undefined,
      files: undefined,
      broken: undefined,
      opening: undefined,
      fileProblems: undefined,
    });
  }
}

async function openAppData(
  sealed: string,
  appKey: Uint8Array,
  crypto: CryptoProvider,
  problems: Problem[],
): Promise<JsonObject | undefined> {
  if (sealed === "") return undefined;
  const blob = decodeBase64(sealed);
  const bytes = blob && (await crypto.openGcm(appKey, blob));
  const data = bytes ? parseContent(utf8Text(bytes)) : "data-unreadable";
  if (typeof data !== "string") return data;
  problems.push(problem("appData", data));
  return undefined;
}
