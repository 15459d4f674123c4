/**
 * Suites that every store passes, for any test runner.
 *
 * @module
 */
export {
  cacheStoreConformance,
  type CacheStoreConformanceOptions,
  type CacheStoreFixture,
} from "./cache-store-conformance.ts";
export {
  sharedStoreConformance,
  type SharedStoreConformanceOptions,
  type SharedStoreFixture,
} from "./shared-store-conformance.ts";
export type { TestRunner } from "@ksmkit/core/testing";
