/** The real SDK client against the fake. */
import { generateKeyPairSync } from "node:crypto";
import { KeyManagementServiceClient } from "@google-cloud/kms";
import { startGoogleKms, type GoogleKeyOptions, type GoogleKms } from "@ksmkit/kms-fakes/google";
import type { GcpKmsClient } from "../src/gcp-kms-client.ts";
import { gcpKmsKey } from "../src/gcp-kms-storage.ts";
import type { KeyWrapper, WrapContext } from "@ksmkit/core/sealed/node";
import type { GcpKmsKeyOptions } from "../src/options.ts";

/** A running service with a client of the real SDK. */
export interface TestService {
  kms: GoogleKms;
  client: KeyManagementServiceClient;
  /** Makes a key in the service and a wrapper of its first version, or of the key itself for symmetric ones. */
  wrapper: (key?: GoogleKeyOptions, options?: Partial<GcpKmsKeyOptions>) => Promise<KeyWrapper>;
  close: () => Promise<void>;
}

/** Starts a service. */
export async function startService(): Promise<TestService> {
  const kms = await startGoogleKms();
  const client = new KeyManagementServiceClient(kms.clientOptions);
  return {
    kms,
    client,
    wrapper: async (keyOptions = {}, options = {}) => {
      const { name, primary, purpose } = await kms.createKey(keyOptions);
      const keyName = purpose === "ENCRYPT_DECRYPT" ? name : primary.name;
      return gcpKmsKey({ keyName, client, sleep: noSleep, ...options });
    },
    close: async () => {
      await client.close();
      await kms.close();
    },
  };
}

/** Pauses between attempts take no time in tests. */
export const noSleep = async (_ms: number, signal?: AbortSignal): Promise<void> => signal?.throwIfAborted();

/** A call with plenty of time. */
export function context(purpose: WrapContext["purpose"] = "data-key"): WrapContext {
  return { purpose, signal: AbortSignal.timeout(60_000) };
}

/** 32 bytes. */
export const dataKey = Uint8Array.from({ length: 32 }, (_, i) => 3 * i + 1);

/** The SDK's client fits the structure that the package asks for. */
export const structural = (client: KeyManagementServiceClient): GcpKmsClient => client;

/** A private key of 2048 bits. */
export function rsaKeyPem(): string {
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  return privateKey.export({ type: "pkcs8", format: "pem" }).toString();
}
