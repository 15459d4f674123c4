/** Where in an input a value stands. */

/** A key or index, and what it is in. Made in advance for fixed places, so that a valid value costs nothing. */
export class Place {
  readonly key: string | number | undefined;
  readonly parent: Place | undefined;

  /** Without a key: the input as a whole. */
  constructor(key?: string | number, parent?: Place) {
    this.key = key;
    this.parent = parent;
  }

  /** The place of a member. */
  child(key: string | number): Place {
    return new Place(key, this);
  }

  /** The keys from the outside in. */
  get path(): (string | number)[] {
    const path = this.parent?.path ?? [];
    if (this.key !== undefined) path.push(this.key);
    return path;
  }
}

const plainKey = /^[A-Za-z_$][\w$]*$/;

/** Writes a path as code would: `data[0].fields[2].value`, `value["odd key"]`. */
export function pathText(path: readonly (string | number)[]): string {
  let text = "";
  for (const key of path) {
    if (typeof key === "number") text += `[${key}]`;
    else if (!plainKey.test(key)) text += `[${JSON.stringify(key)}]`;
    else text += text === "" ? key : `.${key}`;
  }
  return text;
}
