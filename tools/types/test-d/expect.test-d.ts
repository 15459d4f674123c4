/** The judges are judged: what they must find. */
import { expectType, type AnyIn, type Equal, type IsAny } from "../expect.ts";

type Any = ReturnType<typeof JSON.parse>;
declare class Leaky {
  load(): Promise<Any>;
}
declare class Tight {
  readonly name?: string;
  load(): Promise<unknown>;
}
interface Module {
  value: Any;
  give: () => Any;
  later: () => Promise<Any>;
  Leaky: typeof Leaky;
  Tight: typeof Tight;
  text: string;
  unknown: () => unknown;
  never: () => never;
}
expectType<Equal<AnyIn<Module>, "value" | "give" | "later" | "Leaky">>();
expectType<Equal<IsAny<unknown>, false>>();
expectType<Equal<IsAny<never>, false>>();
// @ts-expect-error any is not unknown
expectType<Equal<Any, unknown>>();
// @ts-expect-error a member may be missing
expectType<Equal<{ a?: string }, { a: string }>>();
