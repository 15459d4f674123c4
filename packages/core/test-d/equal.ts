/** Compares types exactly: `any` equals only `any`. */
// oxlint-disable-next-line no-unnecessary-type-parameters -- the type parameters are the comparison
export type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;

/** Compiles only for `true`. */
// oxlint-disable-next-line no-unnecessary-type-parameters -- the compiler looks at it and nobody else
export function expectType<_Condition extends true>(): void {
  // Nothing to do: the compiler has looked already.
}
