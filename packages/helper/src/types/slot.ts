/** One place for a value in a record type. */
import { Place } from "../errors/place.ts";
import type { StoredComplexity } from "../password/complexity.ts";
import type { FieldType } from "./field-type.ts";
import { foldLabel, type LabelStyle } from "./labels.ts";

/** What a slot is made from. */
export interface SlotOptions {
  /** Name of the slot in the typed builder. */
  readonly key: string;
  readonly type: FieldType;
  /** Display label. */
  readonly label?: string | undefined;
  /** Label in the server-side template. */
  readonly templateLabel?: string | undefined;
  readonly required?: boolean | undefined;
  readonly privacyScreen?: boolean | undefined;
  readonly enforceGeneration?: boolean | undefined;
  readonly complexity?: StoredComplexity | undefined;
  /** The rules as a type file gave them, for writing it out again. */
  readonly givenComplexity?: object | undefined;
  /** Shown as an array in templates. */
  readonly allowMultiple?: boolean | undefined;
}

const fieldsPlace = /* @__PURE__ */ new Place("fields");

/** A slot, with what building needs worked out in advance. */
export class Slot {
  readonly key: string;
  readonly type: FieldType;
  readonly label: string | undefined;
  readonly templateLabel: string | undefined;
  readonly required: boolean | undefined;
  readonly privacyScreen: boolean | undefined;
  readonly enforceGeneration: boolean | undefined;
  readonly complexity: StoredComplexity | undefined;
  readonly givenComplexity: object | undefined;
  readonly allowMultiple: boolean | undefined;
  /** Where the slot's value stands in the input of the typed builder. */
  readonly place: Place;
  readonly #folded: ReadonlySet<string>;

  constructor(options: SlotOptions) {
    this.key = options.key;
    this.type = options.type;
    this.label = options.label || undefined;
    this.templateLabel = options.templateLabel || undefined;
    this.required = options.required;
    this.privacyScreen = options.privacyScreen;
    this.enforceGeneration = options.enforceGeneration;
    this.complexity = options.complexity;
    this.givenComplexity = options.givenComplexity;
    this.allowMultiple = options.allowMultiple;
    this.place = fieldsPlace.child(options.key);
    this.#folded = new Set(
      [this.label, this.templateLabel].filter((label) => label !== undefined).map(foldLabel),
    );
  }

  /** Whether a label means this slot, in either spelling. */
  isLabelled(label: string): boolean {
    return this.#folded.has(foldLabel(label));
  }

  /** The label to write: in the asked-for style, else in the other. */
  labelIn(style: LabelStyle): string | undefined {
    return style === "template" ? (this.templateLabel ?? this.label) : (this.label ?? this.templateLabel);
  }
}
