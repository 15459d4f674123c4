/** Finds the record type that a build is about. */
import type { Place } from "../errors/place.ts";
import type { Problems } from "../errors/problems.ts";
import type { RecordType } from "./record-type.ts";
import type { TypeRegistry } from "./registry.ts";
import { standardTypes } from "./standard-types.ts";

/** Finds a type by name, or notes why records of it cannot be made. */
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

/** Quotes what is a name and no more. */
function quoted(name: unknown): string {
  return typeof name === "string" && /^[\w -]{1,40}$/.test(name) ? `: ${name}` : "";
}
