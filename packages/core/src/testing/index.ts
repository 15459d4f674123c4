/**
 * Suites for implementations of this package's interfaces. For tests only; bound to no test runner.
 *
 * @module
 */
export {
  byteStoreConformance,
  type ByteStoreConformanceOptions,
  type ByteStoreFixture,
} from "./byte-store-conformance.ts";
export {
  keyWrapperConformance,
  type KeyWrapperConformanceOptions,
  type KeyWrapperFixture,
} from "./key-wrapper-conformance.ts";
export {
  storageConformance,
  type StorageConformanceOptions,
  type StorageFixture,
} from "./storage-conformance.ts";
export { withFixture, type FixtureTest, type TestRunner } from "./test-runner.ts";
