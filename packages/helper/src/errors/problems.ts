/** Collects the problems of one input, so that a single error lists them all. */
import { printable } from "@ksmkit/common";
import type { HelperErrorCode } from "./codes.ts";
import { pathText, type Place } from "./place.ts";
import { RecordHelperError, type Problem } from "./record-helper-error.ts";

/** Finds the line and column of a path in the text that was read; `undefined` where there is no text. */
export type Locate = (path: readonly (string | number)[]) => { line: number; column: number } | undefined;

/** The problems of one input. */
export class Problems {
  readonly #list: Problem[] = [];
  readonly #locate: Locate | undefined;

  constructor(locate?: Locate) {
    this.#locate = locate;
  }

  /** Everything found so far. */
  get list(): readonly Problem[] {
    return this.#list;
  }

  /** How many were found so far. */
  get count(): number {
    return this.#list.length;
  }

  /** Adds a problem and returns `undefined`, the result of a failed check. */
  add(code: HelperErrorCode, place: Place | undefined, message: string): undefined {
    const keys = place?.path ?? [];
    this.#list.push({
      code,
      path: printable(pathText(keys)),
      keys,
      message: printable(message, 2000),
      ...this.#locate?.(keys),
    });
    return undefined;
  }

  /** @throws {@link RecordHelperError} with all problems, when there are any. */
  throwIfAny(): void {
    const [first, ...rest] = this.#list;
    if (first) throw new RecordHelperError([first, ...rest]);
  }

  /** Returns what was made, which is missing only when there are problems. @throws {@link RecordHelperError} */
  unlessAny<T>(made: T | undefined): T {
    this.throwIfAny();
    if (made !== undefined) return made;
    throw helperError("ERR_HELPER_ARGUMENT_INVALID", "Nothing can be made from this input.");
  }
}

/** Makes the error for a single problem. */
export function helperError(code: HelperErrorCode, message: string, place?: Place): RecordHelperError {
  const keys = place?.path ?? [];
  return new RecordHelperError([{ code, path: pathText(keys), keys, message }]);
}
