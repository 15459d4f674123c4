/**
 * Suites for implementations of this package's interfaces. For tests only; bound to no test runner.
 *
 * @module
 */
export {
  storageConformance,
  type StorageConformanceOptions,
  type StorageFixture,
  type TestRunner,
} from "./storage-conformance.ts";
