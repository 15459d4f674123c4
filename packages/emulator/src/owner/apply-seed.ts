/** Puts a validated seed into the server part: seals every object and wraps every key. */
import { encodeBase64, type Clock, type Random } from "@ksmkit/common";
import { VaultError } from "../errors/vault-error.ts";
import type { ParsedFolder, ParsedLink, ParsedRecord, ParsedSeed } from "../seed/parsed-seed.ts";
import { type FileState, type FolderState, nextRevision, type ServerState } from "../vault/state.ts";
import { keyLength, sealGcm } from "../wire/aes.ts";
import { generateUid } from "../wire/identifiers.ts";
import { FolderDirectory } from "./folder-directory.ts";
import { type OwnerKeys, wrapForOwner } from "./owner-keys.ts";
import { makeFile, makeLink, makeRoot, makeSubFolder, sealDocument } from "./seal.ts";

/** What sealing works with. */
export interface SealingContext {
  readonly keys: OwnerKeys;
  readonly state: ServerState;
  readonly random: Random;
  readonly clock: Clock;
}

/** Adds all folders and records of a seed. For a new vault: a wrong reference ends it half way. */
export function applySeed(context: SealingContext, seed: ParsedSeed): void {
  const directory = new FolderDirectory(context.keys, context.state);
  const uids = new Map(seed.records.map((record) => [record, record.uid ?? generateUid(context.random)]));
  const titles = new Map<string, string | null>();
  for (const [record, uid] of uids) {
    const { title } = record.document;
    titles.set(title, titles.has(title) ? null : uid);
  }
  const known = new Set(uids.values());
  for (const folder of inTreeOrder(seed.folders)) addFolder(context, directory, folder);
  for (const [record, uid] of uids) {
    addRecord(context, directory, record, uid, (reference) =>
      known.has(reference) ? reference : (titles.get(reference) ?? undefined),
    );
  }
}

/** Adds one folder and returns it. */
export function addFolder(
  context: SealingContext,
  directory: FolderDirectory,
  folder: ParsedFolder,
): FolderState {
  const { keys, state, random } = context;
  const uid = freshUid(state, folder.uid, folder.place, random);
  const made =
    folder.parent === undefined
      ? makeRoot(keys, uid, folder.name, folder.editable, random)
      : addBelow(directory, folder, folder.parent, uid, random);
  state.folders.set(uid, made);
  directory.add(made, folder.name);
  return made;
}

function addBelow(
  directory: FolderDirectory,
  folder: ParsedFolder,
  reference: string,
  uid: string,
  random: Random,
): FolderState {
  const parent = directory.find(reference, `${folder.place}.parent`);
  if (parent === undefined) throw seedError(`${folder.place}.parent names no folder`);
  return makeSubFolder(directory.rootKey(parent), parent, uid, folder.name, random);
}

/**
 * Adds one record with its files, links and shares.
 *
 * @param findRecord - resolves a link's target, a UID or title, to a UID
 */
export function addRecord(
  context: SealingContext,
  directory: FolderDirectory,
  record: ParsedRecord,
  uid: string,
  findRecord: (reference: string) => string | undefined,
): void {
  const { keys, state, random, clock } = context;
  freshUid(state, uid, record.place, random);
  const recordKey = random(keyLength);
  const placements = record.folders.map((reference, index) => {
    const folder = directory.find(reference, `${record.place}.folder`);
    if (folder === undefined) throw seedError(`${record.place}.folder (number ${index + 1}) names no folder`);
    return {
      folderUid: folder.root,
      subFolderUid: folder.parent === null ? null : folder.uid,
      recordKey: encodeBase64(sealGcm(directory.rootKey(folder), recordKey, random)),
    };
  });
  const targets = record.links.map((link) => linkTarget(record, link, uid, findRecord));
  const files = record.files.map((file) => makeFile(keys, recordKey, file, clock(), random));
  const fileUids = new Set(
    files.map(({ file }) => freshUid(state, file.uid, `${record.place}.files`, random)),
  );
  if (fileUids.size < files.length || fileUids.has(uid))
    throw seedError(`${record.place}.files.uid is used twice`);
  for (const { file } of files) state.files.set(file.uid, file);
  const share = record.direct
    ? { recordKey: encodeBase64(sealGcm(keys.appKey, recordKey, random)), editable: record.editable }
    : null;
  state.records.set(uid, {
    uid,
    data: sealDocument(recordKey, withFileRefs(record, files), random),
    revision: nextRevision(state),
    ownerKey: encodeBase64(wrapForOwner(keys, recordKey, random)),
    placements,
    share,
    pending: null,
    files: files.map(({ link }) => link),
    links: record.links.map((link, index) => makeLink(recordKey, targets[index] ?? uid, link, random)),
  });
}

function linkTarget(
  record: ParsedRecord,
  link: ParsedLink,
  own: string,
  findRecord: (reference: string) => string | undefined,
): string {
  if (link.record === undefined) return own;
  const target = findRecord(link.record);
  if (target === undefined)
    throw seedError(`${record.place}.links names no record, or a title that several have`);
  return target;
}

/** The vendor's vaults list a record's files in its `fileRef` field; the seed's author need not. */
function withFileRefs(record: ParsedRecord, files: readonly { file: FileState }[]): object {
  const { document } = record;
  if (files.length === 0 || document.fields.some((field) => field.type === "fileRef")) return document;
  const fileRef = { type: "fileRef", value: files.map(({ file }) => file.uid) };
  return { ...document, fields: [...document.fields, fileRef] };
}

/** Parents before children, whatever the order in the document; a cycle is an error. */
function inTreeOrder(folders: readonly ParsedFolder[]): ParsedFolder[] {
  const ordered: ParsedFolder[] = [];
  const done = new Set<ParsedFolder>();
  const visit = (folder: ParsedFolder, path: readonly ParsedFolder[]): void => {
    if (done.has(folder)) return;
    if (path.includes(folder)) throw seedError(`${folder.place}.parent leads back to the folder itself`);
    for (const other of folders) {
      if (folder.parent !== undefined && (other.uid === folder.parent || other.name === folder.parent)) {
        visit(other, [...path, folder]);
      }
    }
    done.add(folder);
    ordered.push(folder);
  };
  for (const folder of folders) visit(folder, []);
  return ordered;
}

function freshUid(state: ServerState, requested: string | undefined, place: string, random: Random): string {
  const uid = requested ?? generateUid(random);
  if (state.records.has(uid) || state.files.has(uid) || state.folders.has(uid)) {
    throw seedError(`${place}.uid is used twice`);
  }
  return uid;
}

function seedError(sentence: string): VaultError {
  return new VaultError("ERR_VAULT_SEED", `The seed is not valid: ${sentence}`);
}
