/** Lists of uids as callers give them. */
import { ArgumentError } from "../errors/errors.ts";

/**
 * A lone uid as a list of one, nothing as an empty list; each uid once.
 *
 * @throws {@link ArgumentError} `ERR_KSM_ARGUMENT_INVALID`
 */
export function uidList(uids: string | readonly string[] | undefined, name: string): string[] {
  const list = typeof uids === "string" ? [uids] : (uids ?? []);
  if (Array.isArray(list) && list.every((uid) => typeof uid === "string" && uid !== ""))
    return [...new Set(list)];
  throw new ArgumentError("ERR_KSM_ARGUMENT_INVALID", `Option ${name} must be a uid or a list of uids.`);
}
