/** A record type: a name and its slots. */
import type { Slot } from "./slot.ts";

/** How far a record type may be used; see {@link RecordTypeSpec.standing}. */
export type Standing = "standard" | "unverified" | "readOnly" | "custom";

/**
 * A record type, standard or custom. `Fields` is what the typed builder takes for it.
 *
 * Made by {@link defineRecordType} and by loading type files into a {@link TypeRegistry}.
 */
export class RecordType<Name extends string = string, Fields = object> {
  /** Exists for the compiler only: the slots as the typed builder takes them. */
  declare protected readonly fields: Fields;
  readonly name: Name;
  /** Displayed title. Default: the name. */
  readonly title: string;
  readonly slots: readonly Slot[];
  readonly standing: Standing;
  readonly #keys: ReadonlyMap<string, Slot>;

  constructor(name: Name, slots: readonly Slot[], options: { title?: string; standing?: Standing } = {}) {
    this.name = name;
    this.slots = slots;
    this.title = options.title ?? name;
    this.standing = options.standing ?? "custom";
    this.#keys = new Map(slots.map((slot) => [slot.key, slot]));
  }

  /** Finds a slot by its key in the typed builder. */
  slot(key: string): Slot | undefined {
    return this.#keys.get(key);
  }
}
