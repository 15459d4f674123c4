/** Google Cloud KMS on loopback: the gRPC service that `@google-cloud/kms` speaks to. */
export { startGoogleKms, type GoogleKms } from "./google-kms.ts";
export type {
  GoogleAlgorithm,
  GoogleKey,
  GoogleKeyOptions,
  GoogleKeyVersion,
  GoogleVersionOptions,
} from "./keys.ts";
