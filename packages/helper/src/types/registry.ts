/** Record types by name: the standard ones, and custom ones per registry (helper.md section 11). */
import { Place } from "../errors/place.ts";
import { Problems, helperError } from "../errors/problems.ts";
import { type SourceFormat, readSource } from "../source/read-source.ts";
import { RecordType } from "./record-type.ts";
import { standardTypes } from "./standard-types.ts";
import { type PlacedType, typesFromData } from "./types-from-data.ts";

/** Options of {@link TypeRegistry.list}. */
export interface ListOptions {
  /** Whether types are listed whose slots are known from secondary sources only. Default: false. */
  readonly includeUnverified?: boolean | undefined;
}

/**
 * Holds custom record types beside the standard ones. Loading adds all types of a file or none.
 *
 * @example
 * ```ts
 * const registry = new TypeRegistry();
 * await registry.load(await readFile("types.yaml", "utf8"), "yaml");
 * recordFromArguments("serviceAccount", { title: "CI", args: ["login=bot"] }, { registry });
 * ```
 */
export class TypeRegistry {
  readonly #custom = new Map<string, RecordType>();

  /**
   * Adds a type made by {@link defineRecordType}.
   *
   * @throws {@link RecordHelperError} `ERR_HELPER_RECORD_TYPE_DUPLICATE`
   */
  define(type: RecordType): this {
    if (!(type instanceof RecordType)) {
      throw helperError("ERR_HELPER_ARGUMENT_INVALID", "A type made by defineRecordType is needed.");
    }
    this.#add([{ type, place: new Place() }], new Problems());
    return this;
  }

  /**
   * Adds the types of a file: a `KeeperRecordType` file, or a Commander export of record types.
   *
   * @returns the types that were added.
   * @throws {@link RecordHelperError} with everything that is wrong with the file, each with line and column. Nothing
   *   is added then.
   */
  async load(text: string, format: SourceFormat): Promise<readonly RecordType[]> {
    const { value, locate } = await readSource(text, format);
    return this.#addFile(value, new Problems(locate));
  }

  /** Like {@link TypeRegistry.load}, for a file that is parsed already. */
  loadData(data: unknown): readonly RecordType[] {
    return this.#addFile(data, new Problems());
  }

  /** Finds a type by name, custom or standard; names are case-sensitive. */
  find(name: string): RecordType | undefined {
    return this.#custom.get(name) ?? standardTypes().get(name);
  }

  /** Lists the names of the types: the standard ones in the vault's order, then the custom ones as added. */
  list(options: ListOptions = {}): string[] {
    return [...recordTypeNames(options).filter((name) => !this.#custom.has(name)), ...this.#custom.keys()];
  }

  #addFile(data: unknown, problems: Problems): readonly RecordType[] {
    return this.#add(typesFromData(data, problems), problems);
  }

  /** All or nothing: whatever is wrong is found before the first type is added. */
  #add(placed: readonly PlacedType[], problems: Problems): readonly RecordType[] {
    const names = new Set<string>();
    for (const { type, place } of placed) {
      const standard = standardTypes().get(type.name)?.standing === "standard";
      // A type known from secondary sources gives way to what a vault says.
      if (standard || this.#custom.has(type.name) || names.has(type.name)) {
        problems.add("ERR_HELPER_RECORD_TYPE_DUPLICATE", place, "names a record type that is already there");
      }
      names.add(type.name);
    }
    problems.throwIfAny();
    for (const { type } of placed) this.#custom.set(type.name, type);
    return placed.map(({ type }) => type);
  }
}

/**
 * Lists the standard record types, in the vault's order.
 *
 * @example
 * ```ts
 * recordTypeNames()[0]; // "login"
 * ```
 */
export function recordTypeNames({ includeUnverified = false }: ListOptions = {}): string[] {
  return Array.from(standardTypes().values())
    .filter(({ standing }) => standing === "standard" || (includeUnverified && standing === "unverified"))
    .map(({ name }) => name);
}

/** Finds a type by name, or reports why records of it cannot be made. */
export function findRecordType(
  name: unknown,
  registry: TypeRegistry | undefined,
  place: Place,
  problems: Problems,
): RecordType | undefined {
  if (name === undefined || name === null || name === "") {
    return problems.add("ERR_HELPER_RECORD_TYPE_MISSING", place, "is missing or empty");
  }
  const type = typeof name === "string" ? (registry?.find(name) ?? standardTypes().get(name)) : undefined;
  if (!type) {
    return problems.add("ERR_HELPER_RECORD_TYPE_UNKNOWN", place, `is no known record type${quoted(name)}`);
  }
  if (type.standing === "readOnly") {
    return problems.add(
      "ERR_HELPER_RECORD_TYPE_UNKNOWN",
      place,
      `${type.name} records are only read, not made`,
    );
  }
  return type;
}

/** Quotes a name only. */
function quoted(name: unknown): string {
  return typeof name === "string" && /^[\w -]{1,40}$/.test(name) ? `: ${name}` : "";
}
