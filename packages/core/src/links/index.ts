/**
 * Links between records: privileged access settings, credentials, references.
 *
 * @module
 */
export { getLinks } from "./get-links.ts";
export { RecordLink, type RecordLinkParts } from "./record-link.ts";
