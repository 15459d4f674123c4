/** The frame that record files and record type files share: version, kind, data (helper.md section 7). */
import { isJsonObject, type JsonObject } from "@ksmkit/common";
import { Place } from "../errors/place.ts";
import type { Problems } from "../errors/problems.ts";

/** An entry of `data`. */
export interface FileItem {
  readonly item: JsonObject;
  readonly place: Place;
}

/** Reads the entries; none when the frame is not right, which the problems then say. */
export function readFileData(file: unknown, kind: string, problems: Problems): FileItem[] {
  const top = new Place();
  if (!isJsonObject(file)) {
    problems.add(
      "ERR_HELPER_FILE_NOT_OBJECT",
      top,
      "The file must hold an object with version, kind and data.",
    );
    return [];
  }
  const before = problems.count;
  const { version, data } = file;
  if (file["kind"] !== kind) problems.add("ERR_HELPER_KIND_INVALID", top.child("kind"), `must be ${kind}`);
  if (version === undefined || version === null || version === "") {
    problems.add("ERR_HELPER_VERSION_MISSING", top.child("version"), "is missing; it must be v3");
  } else if (version !== "v3") {
    problems.add("ERR_HELPER_VERSION_UNSUPPORTED", top.child("version"), "must be v3");
  }
  if (data === undefined || data === null) {
    problems.add("ERR_HELPER_DATA_MISSING", top.child("data"), "is missing; it must be a list");
  } else if (!Array.isArray(data)) {
    problems.add("ERR_HELPER_DATA_NOT_ARRAY", top.child("data"), "must be a list");
  }
  // A file of another kind or version would only give problems that are none.
  if (problems.count > before || !Array.isArray(data)) return [];
  return data.flatMap((item: unknown, index): FileItem[] => {
    const place = top.child("data").child(index);
    if (isJsonObject(item)) return [{ item, place }];
    problems.add("ERR_HELPER_ITEM_NOT_OBJECT", place, "must be an object");
    return [];
  });
}
