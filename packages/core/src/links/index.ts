/**
 * Links between records: privileged access settings, credentials, references.
 *
 * @module
 */
export { getLinks } from "./record-link.ts";
export { RecordLink, type RecordLinkParts } from "./record-link.ts";
