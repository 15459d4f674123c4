/** The fake and storages over it, one of each per test. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startAwsKms, type AwsKms } from "@ksmkit/kms-fakes/aws";
import { afterEach, beforeEach } from "vitest";
import type { AwsKmsConnection } from "../src/index.ts";

/** What a test works with. */
export interface TestPlace {
  kms: AwsKms;
  /** How the fake is reached, one attempt per call. */
  connection: AwsKmsConnection;
  directory: string;
  path: string;
}

/** Makes a fake and a directory for each test of the file. */
export function usePlace(): TestPlace {
  const place = {} as TestPlace;
  beforeEach(async () => {
    place.kms = await startAwsKms();
    place.connection = place.kms.clientOptions;
    place.directory = await mkdtemp(join(tmpdir(), "ksmkit-aws-"));
    place.path = join(place.directory, "client-config.json");
  });
  afterEach(async () => {
    await place.kms.close();
    await rm(place.directory, { recursive: true });
  });
  return place;
}
