/** What the compiler takes and refuses of a storage over AWS KMS, with and without the SDK's own types. */
import type { ConfigStorage } from "@ksmkit/core";
import type { KeyWrapper, SealedStorage } from "@ksmkit/core/sealed";
import { awsKmsKey, awsKmsStorage, type AwsKmsCalls, type AwsKmsClient } from "@ksmkit/storage-aws-kms";

const storage: SealedStorage = awsKmsStorage({ keyId: "alias/ksm", region: "eu-central-1" });
const forAnyClient: ConfigStorage = storage;
const key: KeyWrapper = awsKmsKey({ keyId: "alias/next", keySpec: "RSA_4096" });
const changed: Promise<void> = storage.changeKey(key);

// Anything with `send`, or with the three calls, is a client.
declare const sdkLike: {
  send(command: { input: object }, options?: object): Promise<{ Plaintext?: Uint8Array }>;
};
declare const calls: AwsKmsCalls;
const client: AwsKmsClient = sdkLike;
awsKmsStorage({ client });
awsKmsStorage({ client: calls, credentials: async () => ({ accessKeyId: "a", secretAccessKey: "b" }) });

// @ts-expect-error not a kind of key that wraps
awsKmsKey({ keySpec: "ECC_NIST_P256" });
// @ts-expect-error not a layout that is written
awsKmsStorage({ layout: "java-direct" });
// @ts-expect-error not a client
awsKmsStorage({ client: {} });

export { changed, forAnyClient };
