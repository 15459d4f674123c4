/** The keys that the AWS fake holds, and how callers may name them. */
import { randomBytes, randomUUID, type KeyObject } from "node:crypto";
import { rsaKey } from "../rsa-oaep.ts";
import { AwsServiceError } from "./service-error.ts";

export type AwsKeySpec =
  | "SYMMETRIC_DEFAULT"
  | "RSA_2048"
  | "RSA_3072"
  | "RSA_4096"
  | "ECC_NIST_P256"
  | "HMAC_256";
export type AwsKeyState = "Enabled" | "Disabled" | "PendingDeletion";

/** What a new key is like; everything has a default. */
export interface AwsKeyOptions {
  /** Default: `SYMMETRIC_DEFAULT`. */
  spec?: AwsKeySpec | undefined;
  /** Whole key ARN. Default: a fresh one. */
  arn?: string | undefined;
  /** Name after `alias/`. Default: no alias. */
  alias?: string | undefined;
  /** Default: `ENCRYPT_DECRYPT`, and what the curve and HMAC specs allow for those. */
  usage?: string | undefined;
  /** 32 bytes of a symmetric key. Default: random. */
  material?: Uint8Array | undefined;
  /** PKCS#8 PEM of an RSA key. Default: a fresh key, which takes a while. */
  privateKeyPem?: string | undefined;
  /** Access key ids that may use the key; others are denied. Default: everybody. */
  allowedTo?: readonly string[] | undefined;
}

/** A key. `state` may be changed at any time. */
export interface AwsKey {
  readonly id: string;
  readonly arn: string;
  readonly alias: string | undefined;
  readonly spec: AwsKeySpec;
  readonly usage: string;
  state: AwsKeyState;
  readonly allowedTo: readonly string[] | undefined;
  readonly secret:
    | { kind: "symmetric"; key: Uint8Array }
    | { kind: "rsa"; key: KeyObject }
    | { kind: "none" };
}

/** Makes a key. */
export async function createAwsKey(options: AwsKeyOptions): Promise<AwsKey> {
  const { spec = "SYMMETRIC_DEFAULT", alias, allowedTo } = options;
  const arn = options.arn ?? `arn:aws:kms:us-east-1:111122223333:key/${randomUUID()}`;
  return {
    id: arn.slice(arn.lastIndexOf("/") + 1),
    arn,
    alias: alias === undefined ? undefined : `alias/${alias}`,
    spec,
    usage: options.usage ?? usageOf(spec),
    state: "Enabled",
    allowedTo,
    secret: await secretOf(spec, options),
  };
}

function usageOf(spec: AwsKeySpec): string {
  if (spec === "HMAC_256") return "GENERATE_VERIFY_MAC";
  return spec === "ECC_NIST_P256" ? "SIGN_VERIFY" : "ENCRYPT_DECRYPT";
}

async function secretOf(
  spec: AwsKeySpec,
  { material, privateKeyPem }: AwsKeyOptions,
): Promise<AwsKey["secret"]> {
  if (spec === "SYMMETRIC_DEFAULT") return { kind: "symmetric", key: material ?? randomBytes(32) };
  if (!spec.startsWith("RSA_")) return { kind: "none" };
  return { kind: "rsa", key: await rsaKey(Number(spec.slice("RSA_".length)), privateKeyPem) };
}

/** Finds a key by key id, key ARN, alias name or alias ARN. */
export function findAwsKey(keys: readonly AwsKey[], name: string): AwsKey {
  const alias = name.startsWith("arn:") ? name.slice(name.lastIndexOf(":") + 1) : name;
  const found = keys.find(
    (key) => key.arn === name || key.id === name || (key.alias !== undefined && key.alias === alias),
  );
  if (!found) throw new AwsServiceError("NotFoundException", `Key '${name}' does not exist`);
  return found;
}
