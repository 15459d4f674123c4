/** Remembers where in a text each member of a parsed value stands, so that problems can name line and column. */

/** Line and column, both from 1. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** Why a text could not be read. Never quotes the text. */
export interface SourceFault {
  readonly message: string;
  readonly position: Position;
}

/** A parsed text, or why it could not be parsed. */
export type SourceDocument =
  | { readonly value: unknown; readonly map: SourceMap; readonly fault?: undefined }
  | { readonly fault: SourceFault };

/** Finds the line and column of an offset. A column counts UTF-16 units, as editors do. */
export function positionAt(text: string, offset: number): Position {
  return positionIn(lineStarts(text), offset);
}

function lineStarts(text: string): number[] {
  const starts = [0];
  for (const { index, 0: end } of text.matchAll(/\r\n|\r|\n/g)) starts.push(index + end.length);
  return starts;
}

/** By binary search: a text with many problems is searched often. */
function positionIn(starts: readonly number[], offset: number): Position {
  let low = 0;
  for (let high = starts.length; high - low > 1;) {
    const middle = (low + high) >> 1;
    if ((starts[middle] ?? 0) <= offset) low = middle;
    else high = middle;
  }
  return { line: low + 1, column: offset - (starts[low] ?? 0) + 1 };
}

/** Offsets of the members of every object and array of one parsed text. */
export class SourceMap {
  readonly #text: string;
  readonly #members = new Map<object, Map<string | number, number>>();
  #root: unknown;
  #lineStarts: number[] | undefined;

  constructor(text: string) {
    this.#text = text;
  }

  /** Says what the whole text was parsed to. */
  set root(value: unknown) {
    this.#root = value;
  }

  /** Records where a member of a container starts. */
  note(container: object, key: string | number, offset: number): void {
    const members = this.#members.get(container);
    if (members) members.set(key, offset);
    else this.#members.set(container, new Map([[key, offset]]));
  }

  /** Finds the deepest recorded place along the path; the start of the text when there is none. */
  locate(path: readonly (string | number)[]): Position {
    let value = this.#root;
    let offset = 0;
    for (const key of path) {
      if (typeof value !== "object" || value === null) break;
      const found = this.#members.get(value)?.get(key);
      if (found === undefined) break;
      offset = found;
      value = Reflect.get(value, key);
    }
    this.#lineStarts ??= lineStarts(this.#text);
    return positionIn(this.#lineStarts, offset);
  }
}
