/** What every storage over a key service must do, run by each package with its real SDK client and fake. */
export { describeOutcomes } from "./outcomes.ts";
export { describeRegressions } from "./regressions.ts";
export type { CloudFixture, CloudSuiteOptions, FaultKind, KeyOperation } from "./fixture.ts";
