/** The real SDK client against the fake. */
import { generateKeyPairSync } from "node:crypto";
import { SimpleAuthenticationDetailsProvider } from "oci-common";
import type { KmsCryptoClient } from "oci-keymanagement";
import type { KeyWrapper, WrapContext } from "@ksmkit/core/sealed/node";
import {
  startOracleKms,
  type OracleKeyOptions,
  type OracleKms,
  type OracleUser,
} from "@ksmkit/kms-fakes/oracle";
import type { OracleKmsClient } from "../src/oracle-kms-client.ts";
import { oracleKmsKey } from "../src/oracle-kms-storage.ts";
import type { OracleKmsKeyOptions } from "../src/options.ts";

/** A running service. */
export interface TestService {
  kms: OracleKms;
  user: OracleUser;
  /** How this package reaches it, with the SDK's own client and signatures. */
  connection: Pick<OracleKmsKeyOptions, "auth" | "cryptoEndpoint" | "sleep">;
  /** Makes a key in the service and a wrapper of it. */
  wrapper: (key?: OracleKeyOptions, options?: Partial<OracleKmsKeyOptions>) => Promise<KeyWrapper>;
}

/** Made once: a fresh one for every test would take most of its time. */
export const rsaKeys = [rsaKeyPem(), rsaKeyPem()] as const;

/** Starts a service. */
export async function startService(): Promise<TestService> {
  const kms = await startOracleKms();
  const user = await kms.createUser(rsaKeys[0]);
  const connection = { auth: authOf(user), cryptoEndpoint: kms.endpoint, sleep: noSleep };
  return {
    kms,
    user,
    connection,
    wrapper: async (keyOptions = {}, options = {}) => {
      const { id } = await kms.createKey({ privateKeyPem: rsaKeys[0], ...keyOptions });
      return oracleKmsKey({ keyId: id, ...connection, ...options });
    },
  };
}

/** The SDK's provider for a user. */
export function authOf({
  tenancy,
  user,
  fingerprint,
  privateKey,
}: OracleUser): SimpleAuthenticationDetailsProvider {
  return new SimpleAuthenticationDetailsProvider(tenancy, user, fingerprint, privateKey, null);
}

/** Pauses between attempts take no time in tests. */
export const noSleep = async (_ms: number, signal?: AbortSignal): Promise<void> => signal?.throwIfAborted();

function rsaKeyPem(): string {
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  return privateKey.export({ type: "pkcs8", format: "pem" }).toString();
}

/** A call with plenty of time. */
export function context(purpose: WrapContext["purpose"] = "data-key"): WrapContext {
  return { purpose, signal: AbortSignal.timeout(60_000) };
}

/** 32 bytes. */
export const dataKey = Uint8Array.from({ length: 32 }, (_, i) => 3 * i + 1);

/** The SDK's client fits the structure that the package asks for. */
export const structural = (client: KmsCryptoClient): OracleKmsClient => client;
