/** What type tests compare types with. */

/** Compares types exactly: `any` equals only `any`. */
// oxlint-disable-next-line no-unnecessary-type-parameters -- the type parameters are the comparison
export type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;

/** True for `any` alone. */
export type IsAny<T> = 0 extends 1 & T ? true : false;

/**
 * The names in a module that are `any`, or a function that returns it, or a class whose instances have a member that is
 * it or returns it: what an import that the compiler does not find would leave behind.
 */
export type AnyIn<Module> = {
  [Name in keyof Module]: IsLoose<Module[Name]> extends true ? Name : never;
}[keyof Module];

type IsLoose<T> =
  IsAny<T> extends true
    ? true
    : T extends abstract new (...args: never) => infer Instance
      ? IsAny<Instance> extends true
        ? true
        : [LooseMember<Instance>] extends [never]
          ? false
          : true
      : ReturnsAny<T>;

type LooseMember<T> = {
  [Name in keyof T]-?: IsAny<T[Name]> extends true ? Name : ReturnsAny<T[Name]> extends true ? Name : never;
}[keyof T];

type ReturnsAny<T> = T extends (...args: never) => infer Result
  ? IsAny<Result> extends true
    ? true
    : [Result] extends [PromiseLike<infer Settled>]
      ? IsAny<Settled>
      : false
  : false;

/** Compiles only for `true`. */
// oxlint-disable-next-line no-unnecessary-type-parameters -- only the compiler reads it
export function expectType<_Condition extends true>(): void {
  // Nothing to do: the compiler has looked already.
}
