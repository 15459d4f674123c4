/** Opens an answer of `get_folders`, in whatever order it lists them (ksm-protocol section 11.3). */
import { decodeBase64, parseJsonObject, utf8Text, type JsonObject } from "@ksmkit/common";
import { provider } from "#crypto";
import type { CryptoProvider } from "../crypto/provider.ts";
import { decodeFolder, decodeList, type WireFolder } from "../protocol/wire.ts";
import { KsmFolder } from "./ksm-folder.ts";
import { keyLength } from "./open-records.ts";
import { problem, type Problem, type ProblemReason } from "./problem.ts";

/** Options of {@link openFolders}. */
export interface OpenFoldersOptions {
  /** The application key, 32 bytes. */
  appKey: Uint8Array;
  /** Default: the platform's provider. */
  crypto?: CryptoProvider | undefined;
}

/** What {@link openFolders} found. */
export interface OpenedFolders {
  /** All folders that open, in the order of the answer. */
  folders: KsmFolder[];
  /** What was left out, and why. */
  problems: Problem[];
}

/** A folder with the chain above it: itself first, its shared folder last. */
interface Placed {
  readonly wire: WireFolder;
  readonly chain: readonly WireFolder[];
}

const gcmKeyBlobLength = 60;
const cbcBlock = 16;
/** The vector and one block. */
const minCbcLength = 2 * cbcBlock;

/** More levels than anybody has; bounds what a hostile answer can cost. */
const maxDepth = 100;

/**
 * Opens an answer of `get_folders`. A folder that cannot be opened is left out with those below it that need
 * its key; nothing else is harmed.
 */
export async function openFolders(response: JsonObject, options: OpenFoldersOptions): Promise<OpenedFolders> {
  const { crypto = provider } = options;
  const problems: Problem[] = [];
  const placed = placeFolders(decodeList(response["folders"]), problems);
  const keys = new Map<string, Promise<Uint8Array | ProblemReason>>();
  const keyOf = (chain: readonly WireFolder[]): Promise<Uint8Array | ProblemReason> => {
    const uid = chain[0]?.folderUid ?? "";
    const known = keys.get(uid) ?? openFolderKey(chain, keyOf, options.appKey, crypto);
    keys.set(uid, known);
    return known;
  };
  const folders: KsmFolder[] = [];
  for (const { wire, chain } of placed) {
    const key = await keyOf(chain);
    const data = typeof key === "string" ? null : await openName(wire.data, key, crypto);
    if (typeof key === "string" || data === null) {
      const reason = typeof key === "string" ? key : "data-unreadable";
      problems.push(problem("folder", reason, { uid: wire.folderUid }));
      continue;
    }
    folders.push(
      new KsmFolder(
        {
          uid: wire.folderUid,
          data,
          parentUid: wire.parent || undefined,
          rootUid: chain.at(-1)?.folderUid ?? wire.folderUid,
          isEditable: wire.isEditable,
        },
        key,
      ),
    );
  }
  return { folders, problems };
}

/** Decodes the folders and walks up from each; what has no way to a shared folder becomes a problem. */
function placeFolders(raw: readonly unknown[], problems: Problem[]): Placed[] {
  const byUid = new Map<string, WireFolder>();
  for (const entry of raw) {
    const wire = decodeFolder(entry);
    if (wire === null || wire.folderUid === "") problems.push(problem("folder", "not-an-object"));
    else byUid.set(wire.folderUid, wire);
  }
  const placed: Placed[] = [];
  for (const wire of byUid.values()) {
    const chain = [wire];
    const seen = new Set([wire.folderUid]);
    let reason: ProblemReason | undefined;
    for (let at = wire; at.parent !== "" && reason === undefined;) {
      const parent = byUid.get(at.parent);
      if (parent === undefined) reason = "parent-missing";
      else if (seen.has(parent.folderUid)) reason = "parent-cycle";
      else if (chain.length === maxDepth) reason = "too-deep";
      else {
        seen.add(parent.folderUid);
        chain.push(parent);
        at = parent;
      }
    }
    if (reason === undefined) placed.push({ wire, chain });
    else problems.push(problem("folder", reason, { uid: wire.folderUid }));
  }
  return placed;
}

/**
 * Shared folder: GCM under the application key. Sub-folder: CBC under the shared folder's key whatever its
 * depth; a blob of GCM's length is tried under the direct parent's key, then the shared folder's.
 */
async function openFolderKey(
  chain: readonly WireFolder[],
  keyOf: (chain: readonly WireFolder[]) => Promise<Uint8Array | ProblemReason>,
  appKey: Uint8Array,
  crypto: CryptoProvider,
): Promise<Uint8Array | ProblemReason> {
  const [wire] = chain;
  if (!wire?.folderKey) return "key-missing";
  const blob = decodeBase64(wire.folderKey);
  if (blob === null) return "key-unreadable";
  let key: Uint8Array | null = null;
  if (chain.length === 1) key = await crypto.openGcm(appKey, blob);
  else if (blob.length === gcmKeyBlobLength) {
    for (const above of [chain.slice(1), chain.slice(-1)]) {
      const wrapping = await keyOf(above);
      if (key === null && typeof wrapping !== "string") key = await crypto.openGcm(wrapping, blob);
    }
  } else {
    const root = await keyOf(chain.slice(-1));
    if (typeof root !== "string") key = await crypto.openCbc(root, blob);
  }
  if (key === null) return "key-unreadable";
  // A wrong key passes CBC's padding once in 256 times: the length is the check.
  return key.length === keyLength ? key : "key-length";
}

/**
 * Folder data is CBC, in newer forms GCM; some are filled up with NUL. `{}` when there is none. The length decides which
 * is tried first, see docs/decisions/0015-folder-ciphers.md: a wrong guess costs an exception for each folder.
 */
async function openName(sealed: string, key: Uint8Array, crypto: CryptoProvider): Promise<JsonObject | null> {
  if (sealed === "") return {};
  const blob = decodeBase64(sealed);
  if (blob === null) return null;
  if (blob.length >= minCbcLength && blob.length % cbcBlock === 0) {
    const name = parseName(await crypto.openCbc(key, blob));
    if (name !== null) return name;
  }
  return parseName(await crypto.openGcm(key, blob));
}

function parseName(text: Uint8Array | null): JsonObject | null {
  return text && parseJsonObject(withoutFilling(utf8Text(text)));
}

/** By hand: an expression for NULs at the end takes quadratic time over NULs elsewhere. */
function withoutFilling(text: string): string {
  let end = text.length;
  while (end > 0 && text.charCodeAt(end - 1) === 0) end--;
  return text.slice(0, end);
}
