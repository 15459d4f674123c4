/** AWS KMS on loopback: the JSON 1.1 protocol that `@aws-sdk/client-kms` and boto3 speak. */
export { startAwsKms, type AwsKms } from "./aws-kms.ts";
export type { AwsKey, AwsKeyOptions, AwsKeySpec, AwsKeyState } from "./keys.ts";
export type { KmsCall } from "../call-log.ts";
export type { Fault, FaultRule } from "../faults.ts";
