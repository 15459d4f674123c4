/** Puts the arguments that make one field together (helper.md section 6.3; rules R8, R9, R11). */
import { isJsonObject, type JsonObject } from "@ksmkit/common";
import type { Entry } from "../build/assign-slots.ts";
import { Place } from "../errors/place.ts";
import type { Problems } from "../errors/problems.ts";
import { findFieldType } from "../types/field-type.ts";
import { readObjectText } from "../values/object.ts";
import type { FieldArgument } from "./parse-field-argument.ts";

/** An argument and where it stands among the others. */
export interface PlacedArgument {
  readonly argument: FieldArgument;
  readonly place: Place;
}

/** One element of an object value, and which argument each of its keys came from. */
interface Element {
  readonly value: unknown;
  readonly places: Map<string, Place>;
  readonly place: Place;
  /** The value, while later arguments may add keys to it. */
  readonly open: JsonObject | undefined;
}

/** The arguments of one object field so far. */
interface Group {
  readonly argument: FieldArgument;
  readonly place: Place;
  readonly elements: Element[];
  closed: boolean;
}

/** Groups the arguments of one section, in order of first appearance. */
export function groupArguments(placed: readonly PlacedArgument[], problems: Problems): Entry[] {
  const entries: (() => Entry)[] = [];
  const groups = new Map<string, Group>();
  const labelled = new Set<string>();
  for (const { argument, place } of placed) {
    const { section, type, label, value } = argument;
    const key = JSON.stringify([type, label]);
    if (findFieldType(type)?.spec.value.kind === "object") {
      const group = groups.get(key) ?? { argument, place, elements: [], closed: false };
      if (!groups.has(key)) {
        groups.set(key, group);
        entries.push(() => groupEntry(group));
      }
      addToGroup(group, argument, place, problems);
    } else if (section === "c" && label !== undefined && labelled.has(key)) {
      problems.add(
        "ERR_HELPER_FIELD_NOT_UNIQUE",
        place,
        "repeats the type and label of a custom field before it",
      );
    } else {
      labelled.add(key);
      entries.push(() => ({ type, label, value, place, valuePlace: place }));
    }
  }
  return entries.map((make) => make());
}

function addToGroup(group: Group, argument: FieldArgument, place: Place, problems: Problems): void {
  const { section, type, key, value } = argument;
  if (group.closed) {
    const code = section === "f" ? "ERR_HELPER_STANDARD_ALREADY_SET" : "ERR_HELPER_FIELD_NOT_UNIQUE";
    problems.add(code, place, "adds to a field that an argument before it set as a whole array");
    return;
  }
  if (value === undefined) return;
  if (key !== undefined) {
    addKey(group, key, value, place, problems);
    return;
  }
  const decoded = readObjectText(value, place, problems);
  if (decoded === undefined) return;
  const list = Array.isArray(decoded) ? decoded : [decoded];
  for (const entry of list) {
    const object = isJsonObject(entry) ? entry : undefined;
    const places = new Map(Object.keys(object ?? {}).map((name) => [name, place.child(name)]));
    group.elements.push({ value: entry, places, place, open: type === "phone" ? undefined : object });
  }
  group.closed = Array.isArray(decoded);
}

/** A telephone starts anew when a key repeats; elsewhere the caller must have meant something else. */
function addKey(group: Group, key: string, value: string, place: Place, problems: Problems): void {
  const last = group.elements.at(-1);
  if (last?.open && !last.places.has(key)) {
    last.places.set(key, place);
    last.open[key] = value;
  } else if (last?.open && group.argument.type !== "phone") {
    problems.add("ERR_HELPER_DUPLICATE_VALUE_KEY", place, `sets ${key} a second time`);
  } else {
    const object = { [key]: value };
    group.elements.push({ value: object, places: new Map([[key, place]]), place, open: object });
  }
}

function groupEntry({ argument: { type, label }, place, elements }: Group): Entry {
  const value = elements.map((element) => element.value);
  return { type, label, value, place, valuePlace: new GroupPlace(place, elements) };
}

/** The place of a grouped value: each part of it stands where its own argument does. */
class GroupPlace extends Place {
  readonly #elements: readonly Element[];

  constructor(place: Place, elements: readonly Element[]) {
    super(place.key, place.parent);
    this.#elements = elements;
  }

  override child(key: string | number): Place {
    const element = typeof key === "number" ? this.#elements[key] : undefined;
    return element ? new ElementPlace(element) : super.child(key);
  }
}

class ElementPlace extends Place {
  readonly #element: Element;

  constructor(element: Element) {
    super(element.place.key, element.place.parent);
    this.#element = element;
  }

  override child(key: string | number): Place {
    return this.#element.places.get(String(key)) ?? super.child(key);
  }
}
