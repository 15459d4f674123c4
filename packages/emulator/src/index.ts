/**
 * A local vault that speaks the Keeper Secrets Manager protocol, for development and tests.
 *
 * @module
 */
export { startVault, type VaultOptions } from "./start-vault.ts";
export type { KsmFacts, Vault } from "./vault.ts";
export { VaultError, type VaultErrorCode } from "./errors/vault-error.ts";
export type { RateLimit } from "./api/request-limits.ts";
export type { RequestLogEntry } from "./vault/request-log.ts";
export type { VaultFetch } from "./server/fetch-handler.ts";
export type { FaultPlan } from "./faults/fault-plan.ts";
export type { ResponsePart, Fault, FaultKind, FaultMatch, FaultRule } from "./faults/fault.ts";
export type { TokenOptions } from "./owner/seal.ts";
export type { OwnedFile, OwnedRecord } from "./owner/read-record.ts";
export type { ClientSummary, CorruptiblePart, OwnedFolder, VaultOwner } from "./owner/vault-owner.ts";
export type { SeedSource } from "./seed/starting-seed.ts";
export type {
  SeedField,
  SeedFields,
  SeedFile,
  SeedFolder,
  SeedLink,
  SeedRecord,
  VaultSeed,
} from "./seed/seed.ts";
export { defaultSeed } from "./seed/default-seed.ts";
export { generateSeed } from "./seed/generate-seed.ts";
