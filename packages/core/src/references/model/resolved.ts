/** From the type of a reference to the type of its value. */
import type { KnownReferences } from "../../notation/known-references.ts";
import type { FieldValue } from "../../records/field-types.ts";
import type { KsmRecord } from "../../records/ksm-record.ts";
import type { Secret } from "../../records/secret.ts";

/** What a notation that the compiler cannot read may give. */
type AnyNotation = string | string[] | Uint8Array<ArrayBuffer>;

/** Without `keeper://`, in any case. */
type Unschemed<N extends string> =
  Lowercase<N> extends `keeper://${string}` ? (N extends `${string}://${infer Rest}` ? Rest : never) : N;

/** What follows the record, or `string` where an escape makes its end uncertain. */
type AfterRecord<N extends string> = N extends `${infer Head}/${infer Tail}`
  ? Head extends `${string}\\`
    ? string
    : Tail
  : string;

/** `[]` means all values, anything else one. An escape in the name makes it uncertain where it ends. */
type FieldText<Parameter extends string> = string extends Parameter
  ? string | string[]
  : Parameter extends `${infer Name}[${infer Index}`
    ? Name extends `${string}\\${string}`
      ? string | string[]
      : Index extends `]${string}`
        ? string[]
        : string
    : string;

type SelectorValue<Selector extends string, Parameter extends string> =
  Lowercase<Selector> extends "file"
    ? Uint8Array<ArrayBuffer>
    : Lowercase<Selector> extends "field" | "custom_field"
      ? FieldText<Parameter>
      : string;

type AfterRecordValue<Tail extends string> = string extends Tail
  ? AnyNotation
  : Tail extends `${infer Selector}/${infer Parameter}`
    ? SelectorValue<Selector, Parameter>
    : string;

/** Type of the value of a notation: exact for a literal. */
export type NotationValue<N extends string> = string extends N
  ? AnyNotation
  : AfterRecordValue<AfterRecord<Unschemed<N>>>;

type TextReferenceValue<S extends string> = string extends S
  ? AnyNotation | KsmRecord
  : S extends keyof KnownReferences
    ? KnownReferences[S]
    : Lowercase<S> extends `keeper://${string}`
      ? NotationValue<S>
      : KsmRecord;

type FieldReferenceValue<K extends string, Ref> = Switch<Ref, "all", FieldValue<K>[], FieldValue<K>>;

/** Type of the value of a reference: exact where the reference is a literal. */
export type ReferenceValue<Ref> = Ref extends string
  ? TextReferenceValue<Ref>
  : Ref extends { readonly notation: infer N extends string }
    ? NotationValue<N>
    : Ref extends { readonly file: string }
      ? Uint8Array<ArrayBuffer>
      : Ref extends { readonly field: infer K extends string }
        ? FieldReferenceValue<K, Ref>
        : Ref extends { readonly customField: infer K extends string }
          ? FieldReferenceValue<K, Ref>
          : KsmRecord;

/** `Yes` where the option is `true`, `No` where it is `false` or left out, both where the compiler cannot tell. */
export type Switch<Options, Name extends string, Yes, No> = Name extends keyof Options
  ? Options[Name] extends true
    ? Yes
    : Options[Name] extends false | undefined
      ? No
      : Yes | No
  : No;

/** Options that say nothing. */
export interface NoOptions {
  readonly partial?: false;
  readonly secret?: false;
  readonly text?: false;
}

/** Records stay as they are; one `Secret` holds whatever else the value may be. */
type Sealed<V> =
  | Extract<V, KsmRecord>
  | ([Exclude<V, KsmRecord>] extends [never] ? never : Secret<Exclude<V, KsmRecord>>);
type Plain<V, Options> = Switch<Options, "text", string, V>;

/** Values under the names of their references. */
export type Resolved<R, Options = unknown> = {
  -readonly [Name in keyof R]: Switch<
    Options,
    "secret",
    Sealed<Plain<ReferenceValue<R[Name]>, Options>>,
    Plain<ReferenceValue<R[Name]>, Options>
  >;
};
