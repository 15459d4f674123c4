/** What the runtime resolves `#vectors` to: `packages/core/test/vectors/all-cases.ts`, bundled for its platform. */
declare module "#vectors" {
  import type { ConformanceCase } from "./conformance-case.ts";
  export const vectorCases: readonly ConformanceCase[];
}
