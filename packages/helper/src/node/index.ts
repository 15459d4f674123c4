/**
 * Record files and type files from the file system, for Node.
 *
 * @module
 */
export { recordsFromFile } from "./records-from-file.ts";
export { loadTypeDirectory, loadTypeFile, type DirectoryReport } from "./load-types.ts";
