/** A record whose fields become environment variables: which one, and how its variables are named. */
import { ArgumentError } from "../../errors/errors.ts";
import { isEnvName } from "./env-name.ts";
import type { RecordName } from "./reference.ts";
import { parseReference, type Target } from "./parse-reference.ts";

/** How the variables of whole records are named. */
export interface EnvNaming {
  /** What the names made from fields begin with, taken as it is, for example `SHOP_`. Default: "". */
  prefix?: string | undefined;
  /**
   * Whether labels name variables without a prefix too. Whoever may edit a record chooses its labels. Default: false,
   * only the names of the standard field types (`LOGIN`, `PASSWORD`, …) and those in `allow` need no prefix.
   */
  trustLabels?: boolean | undefined;
}

/** A record whose fields become variables; what it does not say of their names, the options do. */
export type EnvRecord =
  | string
  | (RecordName &
      Readonly<EnvNaming> & {
        /** Fields to leave out: their labels, or the types of those without one, exactly as they are. Default: none. */
        readonly skip?: readonly string[] | undefined;
      });

/** How the variables of one record are made, checked and complete. */
export interface RecordNaming {
  readonly prefix: string;
  readonly trustLabels: boolean;
  readonly skip: readonly string[];
}

/**
 * What an entry says of its variables, else the options.
 *
 * @throws {@link ArgumentError} `ERR_KSM_ARGUMENT_INVALID`
 */
export function namingOf(record: EnvRecord, options: EnvNaming): RecordNaming {
  const own: Exclude<EnvRecord, string> | Record<string, never> =
    typeof record === "string" ? {} : (record ?? {});
  const prefix: unknown = own.prefix ?? options.prefix ?? "";
  const trustLabels: unknown = own.trustLabels ?? options.trustLabels ?? false;
  const skip: unknown = own.skip ?? [];
  if (typeof prefix !== "string" || (prefix !== "" && !isEnvName(prefix)))
    throw new ArgumentError(
      "Invalid export: prefix must be made of letters, digits and _, and start with no digit.",
    );
  if (typeof trustLabels !== "boolean")
    throw new ArgumentError("Invalid export: trustLabels must be true or false.");
  if (!isTexts(skip))
    throw new ArgumentError("Invalid export: skip must be a list of labels and field types.");
  return { prefix, trustLabels, skip };
}

/**
 * Which record an entry means.
 *
 * @throws {@link ArgumentError} `ERR_KSM_ARGUMENT_INVALID`
 */
export function parseRecord(record: EnvRecord): Target {
  if (typeof record !== "string") {
    const { prefix: _prefix, trustLabels: _trust, skip: _skip, ...name } = record ?? {};
    const target = parseReference(name);
    if (target.kind === "record") return target;
  } else if (!/^keeper:\/\//i.test(record)) return parseReference(record);
  throw new ArgumentError(
    "Invalid export: an entry of records is a uid, a title, { uid } or { title }; references belong to variables.",
  );
}

function isTexts(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((each) => typeof each === "string");
}
