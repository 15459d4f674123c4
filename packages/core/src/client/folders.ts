/** Folders: reading all, finding one to write to (ksm-protocol sections 10.2 and 11.3). */
import type { OptionCheck, WaitOptions } from "@ksmkit/common";
import { RecordError } from "../errors/errors.ts";
import { readChecks, requireOptions } from "../errors/require-options.ts";
import type { Freshness } from "../records/freshness.ts";
import { KsmFolder } from "../records/ksm-folder.ts";
import { openFolders, type OpenedFolders } from "../records/open-folders.ts";
import type { ServiceClient, ReadOptions } from "./service-client.ts";

/** Where an operation on folders gets their keys from. */
export interface FolderKeyOptions extends WaitOptions {
  /** Folders as `getFolders` gave them. Default: they are read first, which is one more request. */
  folders?: readonly KsmFolder[] | undefined;
}

/** All folders, and where they come from. */
export interface FoldersResult extends OpenedFolders {
  freshness: Freshness;
}

/** A folder and the shared folder above it, which may be itself. */
export interface PlacedFolder {
  readonly folder: KsmFolder;
  readonly root: KsmFolder;
}

/** The option `folders` of {@link FolderKeyOptions}. */
export const foldersOption: OptionCheck = {
  accepts: (value) => Array.isArray(value) && value.every((item) => item instanceof KsmFolder),
  expected: "a list of folders as getFolders returns them",
};

/** Reads all folders. */
export async function getFolders(service: ServiceClient, options: ReadOptions): Promise<FoldersResult> {
  requireOptions(options, readChecks, "getFolders");
  const { answer, appKey, freshness } = await service.read("get_folders", {}, options);
  return { ...(await openFolders(answer, { appKey })), freshness };
}

/** The folders passed in, else those of the service. */
export async function knownFolders(
  service: ServiceClient,
  { folders, ...wait }: FolderKeyOptions,
): Promise<OpenedFolders> {
  return folders === undefined ? getFolders(service, wait) : { folders: [...folders], problems: [] };
}

/**
 * Finds a folder that may be written to, with its shared folder.
 *
 * @throws {@link RecordError} `ERR_KSM_FOLDER_NOT_FOUND`, `ERR_KSM_RECORD_BROKEN` when a key does not open,
 *   `ERR_KSM_READ_ONLY`
 */
export function writableFolder({ folders, problems }: OpenedFolders, folderUid: string): PlacedFolder {
  const open = (wanted: string): KsmFolder => {
    const found = folders.find(({ uid }) => uid === wanted);
    if (found !== undefined) return found;
    const broken = problems.find(({ uid }) => uid === wanted);
    throw broken === undefined
      ? new RecordError("ERR_KSM_FOLDER_NOT_FOUND", `No folder ${wanted} is shared to this application.`, {
          folderUid,
        })
      : new RecordError("ERR_KSM_RECORD_BROKEN", broken.message, { folderUid });
  };
  const folder = open(folderUid);
  if (folder.isEditable !== false) return { folder, root: open(folder.rootUid) };
  throw new RecordError("ERR_KSM_READ_ONLY", `Folder ${folderUid} is shared without write access.`, {
    folderUid,
  });
}
