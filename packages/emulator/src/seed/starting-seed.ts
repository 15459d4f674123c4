/** Decides what a new vault starts with: the seed of the options, generated records, or the built-in seed. */
import { VaultError } from "../errors/vault-error.ts";
import { defaultSeed } from "./default-seed.ts";
import { generateSeed } from "./generate-seed.ts";
import { parseSeed } from "./seed-schema.ts";
import { readDocument } from "../schema/read-document.ts";
import type { ParsedSeed } from "./parsed-seed.ts";
import type { VaultSeed } from "./seed.ts";

/** Where a vault's first contents come from. */
export interface SeedSource {
  /** The seed itself. */
  seed?: VaultSeed;
  /** File with a seed, JSON or YAML. */
  seedFile?: string;
  /** How many realistic records to add. Without a seed they replace the built-in one. */
  generate?: number;
  /** Chooses the generated contents: the same number produces the same records. Default: 1. */
  generateSeed?: number;
}

/** Most records that can be generated at once. */
const maxGenerated = 1_000_000;

/**
 * Reads, generates and validates.
 *
 * @throws {VaultError} `ERR_VAULT_SEED`, `ERR_VAULT_OPTION`
 */
export async function startingSeed(source: SeedSource): Promise<ParsedSeed> {
  const { seed, seedFile, generate } = source;
  if (seed !== undefined && seedFile !== undefined) {
    throw new VaultError("ERR_VAULT_OPTION", "Give either seed or seedFile, not both");
  }
  if (generate !== undefined && (!Number.isInteger(generate) || generate < 0 || generate > maxGenerated)) {
    throw new VaultError("ERR_VAULT_OPTION", `Option generate must be 0 to ${maxGenerated}`);
  }
  const document = seedFile === undefined ? seed : await readDocument(seedFile, "ERR_VAULT_SEED");
  const base = document ?? (generate === undefined ? defaultSeed() : {});
  const parsed = parseSeed(base);
  if (generate === undefined) return parsed;
  const generated = parseSeed(generateSeed(generate, source.generateSeed ?? 1));
  return {
    ...parsed,
    folders: [...parsed.folders, ...generated.folders],
    records: [...parsed.records, ...generated.records],
  };
}
