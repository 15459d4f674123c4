/** References that a program knows at compile time, for completion and for the types of their values. */

/**
 * Empty, for a generated file to augment: each member is a reference as it is written, with the type of its value. Then
 * `resolve`, `watch`, `getNotation` and `getNotationText` complete these references and type what they return. All other
 * text stays allowed, and keeps the type that follows from its form.
 *
 * @example
 * ```ts
 * declare module "@ksmkit/core/references" {
 *   interface KnownReferences {
 *     "keeper://Ilvmt1wuFzWWLuzSLgJHnQ/field/password": string;
 *     "keeper://Ilvmt1wuFzWWLuzSLgJHnQ/field/url[]": string[];
 *   }
 * }
 * ```
 */
export interface KnownReferences {}

/** Any text; editors complete the {@link KnownReferences}. */
// oxlint-disable-next-line typescript/no-redundant-type-constituents -- empty until a program augments it
export type ReferenceText = (keyof KnownReferences & string) | (string & Record<never, never>);

/** Type of the texts that a notation gives: `string`, unless a known reference says more. */
export type KnownText<N extends string> = N extends keyof KnownReferences
  ? TextOf<KnownReferences[N]>
  : string;

type TextOf<Value> = Value extends string
  ? Value
  : Value extends readonly (infer Element extends string)[]
    ? Element
    : string;
