/** What a package lends to the suites: its storage, and a hold on the service behind it. */
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CodedError } from "@ksmkit/common";
import type { ByteStore, KeyWrapper, SealedStorage } from "@ksmkit/core/sealed";
import type { SealedPlaceOptions } from "@ksmkit/core/sealed/node";

/** The two things that a key does. */
export type KeyOperation = "wrap" | "unwrap";
/** Ways to fail that every fake knows. */
export type FaultKind = "deny" | "throttle" | "unavailable" | "hang" | "corrupt";

/** A service with a usable key, and the storage under test. */
export interface CloudFixture {
  /** A storage over the file, under the usable key. */
  storage: (path: string, options?: SealedPlaceOptions) => SealedStorage;
  /** Another usable key. */
  otherKey: () => KeyWrapper;
  /** A key that the service does not have. */
  missingKey: () => KeyWrapper;
  /** Makes every call of this kind fail from now on. */
  fail: (operation: KeyOperation, kind: FaultKind) => void;
  /** Ends all faults. */
  heal: () => void;
  /** Puts the usable key out of use. */
  disable: () => void;
  /** Calls of this kind, or all that the service has received. */
  calls: (operation?: KeyOperation) => number;
  /** Ends the service. */
  close: () => Promise<void>;
}

/** Options of the suites. */
export interface CloudSuiteOptions {
  /** Names the implementation in the test names. */
  name: string;
  create: () => Promise<CloudFixture>;
}

/** A file in a directory of its own, with the usual looks at it. */
export interface TestPlace {
  path: string;
  /** The file's bytes in base64, or undefined when there is none. */
  content: () => Promise<string | undefined>;
  /** Names of everything in the directory. */
  names: () => Promise<string[]>;
}

/** Runs a test with a service and an empty directory, and cleans up after it. */
export async function withCloud(
  create: CloudSuiteOptions["create"],
  body: (cloud: CloudFixture, place: TestPlace) => Promise<void>,
): Promise<void> {
  const directory = await mkdtemp(join(tmpdir(), "ksmkit-cloud-"));
  const path = join(directory, "client-config.bin");
  const cloud = await create();
  try {
    await body(cloud, {
      path,
      content: () => readFile(path, "base64").catch(() => undefined),
      names: async () => (await readdir(directory)).toSorted(),
    });
  } finally {
    await cloud.close();
    await rm(directory, { recursive: true });
  }
}

/** The code that a promise rejects with, or what it settled as. */
export async function codeOf(work: Promise<unknown>): Promise<string> {
  try {
    await work;
    return "none";
  } catch (error) {
    return CodedError.isInstance(error) ? error.code : `not coded: ${String(error)}`;
  }
}

/** Configurations to store. */
export const initialized = {
  hostname: "vault.example",
  clientId: "id",
  clientKey: "token",
  privateKey: "pk",
};
export const bound = {
  hostname: "vault.example",
  clientId: "id",
  privateKey: "pk",
  appKey: "secret-app-key",
};

/** A place in memory, for tests that write a lot. */
export function memoryStore(): ByteStore {
  let stored: Uint8Array<ArrayBuffer> | null = null;
  return {
    description: "memory",
    read: async () => stored && { bytes: stored },
    write: async (bytes) => {
      stored = bytes && Uint8Array.from(bytes);
    },
  };
}
