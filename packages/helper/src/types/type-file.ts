/** Record types as a `KeeperRecordType` file, for other tools that read one (helper.md section 11; vectors `names`). */
import type { StoredComplexity } from "../password/complexity.ts";
import type { RecordType } from "./record-type.ts";
import type { Slot } from "./slot.ts";

/** One slot in the spelling of the file. */
export interface TypeFileField {
  readonly type: string;
  readonly label?: string;
  readonly required?: boolean;
  readonly privacy_screen?: boolean;
  readonly enforce_generation?: boolean;
  readonly complexity?: StoredComplexity | object;
  readonly allow_multiple?: boolean;
}

/** The file as data. */
export interface TypeFile {
  readonly version: "v3";
  readonly kind: "KeeperRecordType";
  readonly data: readonly {
    /** Name of a class; only the official Python helper needs it. */
    readonly class: string;
    readonly name: string;
    readonly fields: readonly TypeFileField[];
  }[];
}

/**
 * Writes record types as a type file that this package and the official helper load.
 *
 * @example
 * ```ts
 * await writeFile("types.json", JSON.stringify(typeFile([serviceAccount])));
 * ```
 */
export function typeFile(types: readonly RecordType<string, unknown>[]): TypeFile {
  const data = types.map(({ name, slots }) => ({
    class: className(name),
    name,
    fields: slots.map(fileField),
  }));
  return { version: "v3", kind: "KeeperRecordType", data };
}

function fileField(slot: Slot): TypeFileField {
  const { label, required, privacyScreen, enforceGeneration, allowMultiple } = slot;
  const complexity = slot.givenComplexity ?? slot.complexity;
  return {
    type: slot.type.name,
    ...(label !== undefined && { label }),
    ...(required !== undefined && { required }),
    ...(privacyScreen !== undefined && { [snakeCase("privacyScreen")]: privacyScreen }),
    ...(enforceGeneration !== undefined && { [snakeCase("enforceGeneration")]: enforceGeneration }),
    ...(complexity !== undefined && { complexity }),
    ...(allowMultiple !== undefined && { [snakeCase("allowMultiple")]: allowMultiple }),
  };
}

/** Makes a class name from the name of a type: `Keeper VPN - Azure Login` is `KeeperVpnAzureLogin`. */
export function className(name: string): string {
  const words = name
    .toLowerCase()
    .replace(/[^a-z0-9\s]/g, "")
    .split(/ +/);
  return words.map((word) => (word[0] ?? "").toUpperCase() + word.slice(1)).join("");
}

/** Spells a camel-case name with underscores: `privacyScreen` is `privacy_screen`. */
export function snakeCase(name: string): string {
  return name.replace(/(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])/g, "_").toLowerCase();
}
