/** What every operation on a key needs. */
import type { KmsFailure } from "@ksmkit/core/sealed/node";
import type { GcpCaller } from "./gcp-kms-client.ts";
import type { GcpKeyName } from "./options.ts";

/** One key, the way to the service, and what is authenticated along. */
export interface GcpKeyContext {
  readonly caller: GcpCaller;
  readonly name: GcpKeyName;
  /** The caller's additional authenticated data, when given. */
  readonly aad: Uint8Array | undefined;
  /** For errors. */
  readonly source: Pick<KmsFailure, "provider" | "keyId">;
}
