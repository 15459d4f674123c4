/**
 * Sealed device configurations in files: everything of `@ksmkit/core/sealed`, and what only Node offers.
 *
 * @module
 */
export * from "../sealed/index.ts";
export { anyOption, pickOptions, requireOptions } from "../errors/require-options.ts";
export { sealedFile, type SealedFileOptions } from "./sealed-file.ts";
export {
  sealedFileStorage,
  sealedPlaceChecks,
  type SealedFileStorageOptions,
  type SealedPlaceOptions,
} from "./sealed-file-storage.ts";
