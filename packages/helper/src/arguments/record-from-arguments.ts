/** A record from field arguments, as on the command line (helper.md section 6; vectors `args-*`). */
import { isJsonObject } from "@ksmkit/common";
import { type BuildOptions, createBuildContext } from "../build/build-context.ts";
import { buildRecord } from "../build/build-record.ts";
import { readNotes, readTitle } from "../build/read-input.ts";
import { Place } from "../errors/place.ts";
import { helperError } from "../errors/problems.ts";
import type { RecordData } from "../model/record-data.ts";
import { findRecordType } from "../types/registry.ts";
import { groupArguments, type PlacedArgument } from "./group-arguments.ts";
import { readFieldArgument } from "./parse-field-argument.ts";

/** Input of {@link recordFromArguments}. */
export interface ArgumentsInput {
  /** Title; not empty. */
  readonly title: string;
  /** Notes; left out when empty. */
  readonly notes?: string | undefined;
  /** The field arguments, in order. */
  readonly args: readonly string[];
}

/**
 * Builds a record from field arguments. The order of the arguments matters where several go to the same kind of slot.
 *
 * @throws {@link RecordHelperError} with everything that is wrong with any of the arguments; the path names the
 *   argument, `args[2]`.
 * @example
 * ```ts
 * recordFromArguments("login", {
 *   title: "Mail",
 *   args: ["login=ann", "password=s3cret", "c.name[My Doctor].first=Jane"],
 * });
 * ```
 */
export function recordFromArguments(
  type: string,
  input: ArgumentsInput,
  options: BuildOptions = {},
): RecordData {
  if (!isJsonObject(input) || !Array.isArray(input.args)) {
    throw helperError(
      "ERR_HELPER_ARGUMENT_INVALID",
      "An object with title and args, a list of texts, is needed.",
    );
  }
  const context = createBuildContext(options, undefined, "text");
  const { problems } = context;
  const placed = input.args.map((text: unknown, index) => {
    const place = new Place(index, new Place("args"));
    return { argument: readFieldArgument(text, place, problems), place };
  });
  const parsed = placed.filter((entry): entry is PlacedArgument => entry.argument !== undefined);
  const source = {
    type: findRecordType(type, options.registry, new Place("type"), problems),
    title: readTitle(input.title, new Place("title"), problems),
    notes: readNotes(input.notes, new Place("notes"), problems),
    standard: groupArguments(
      parsed.filter(({ argument }) => argument.section === "f"),
      problems,
    ),
    custom: groupArguments(
      parsed.filter(({ argument }) => argument.section === "c"),
      problems,
    ),
    place: new Place(),
  };
  return problems.unlessAny(buildRecord(source, context));
}
