/** Compares types exactly: `any` equals only `any`. */
export type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;

/** Compiles only for `true`. */
export function expectType<_Condition extends true>(): void {
  // Nothing to do: the compiler has looked already.
}
