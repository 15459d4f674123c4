/** How the elements of a field value are checked and stored (helper.md sections 3.2 to 3.4), as the tables say it. */
import type { EnumName } from "../tables/enum-table.ts";

/** Shapes of text that are checked: a record uid, an authenticator URI, the expiry of a card as `MM/YYYY`. */
export type TextFormat = "uid" | "otpauth" | "cardExpiry";

/** Text, stored as given. `known` names values in use; others pass. */
export interface TextSpec {
  readonly kind: "text";
  readonly format?: TextFormat;
  readonly known?: EnumName;
}

/** One of the values of an enforced enumeration, in any case; stored in the listed spelling. */
export interface EnumSpec {
  readonly kind: "enum";
  readonly of: EnumName;
}

/** A JSON boolean, a whole number, or a moment in epoch milliseconds. */
export interface PlainSpec {
  readonly kind: "boolean" | "integer" | "date";
}

/** An array inside an object. */
export interface ListSpec {
  readonly kind: "list";
  readonly of: "text" | "uid";
}

/** An object; no key is ever required. */
export interface ObjectSpec {
  readonly kind: "object";
  /** Keys in the order in which they are written. */
  readonly keys: Readonly<Record<string, ValueSpec>>;
  /** Whether keys that are not listed are kept (true) or refused (false). */
  readonly open: boolean;
  /** The keys that templates show. Default: all. */
  readonly template?: readonly string[];
}

/** Shape of one value. */
export type ValueSpec = TextSpec | EnumSpec | PlainSpec | ListSpec | ObjectSpec;

/** How many elements other Keeper clients expect. */
export type Multiple = "never" | "optional" | "always";

/** One row of the table of field types. */
export interface FieldTypeSpec {
  readonly value: ValueSpec;
  readonly multiple: Multiple;
  /** What the field is for, in a few words. */
  readonly meaning: string;
  /** True when text is never read as JSON. */
  readonly opaque?: true;
  /** True when the official command line hides the value in tables. */
  readonly masked?: true;
}

/** One row of a record type: where a value goes. */
export interface SlotSpec {
  readonly type: string;
  /** Display label. */
  readonly label?: string;
  /** Label in the server-side template: the one that other clients look for. */
  readonly templateLabel?: string;
  /** Name of the slot in the typed builder. Default: the template label, else the type. */
  readonly key?: string;
  readonly required?: true;
}

/** One row of the table of record types. */
export interface RecordTypeSpec {
  readonly name: string;
  readonly title: string;
  readonly slots: readonly SlotSpec[];
  /**
   * Why the type is left out of the list of standard types: `unverified`, its slots are known from secondary
   * sources only; `readOnly`, records of it are read but not made.
   */
  readonly standing?: "unverified" | "readOnly";
}
