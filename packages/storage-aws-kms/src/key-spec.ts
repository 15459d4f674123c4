/** What kinds of keys wrap data keys, and with which algorithm (kms-storage section 3.1). */

/** The `KeySpec` of a usable key. */
export type AwsKeySpec = "SYMMETRIC_DEFAULT" | "RSA_2048" | "RSA_3072" | "RSA_4096";

/** An `EncryptionAlgorithm` of the service. */
export type AwsAlgorithm = "SYMMETRIC_DEFAULT" | "RSAES_OAEP_SHA_256";

const algorithms: Readonly<Record<AwsKeySpec, AwsAlgorithm>> = {
  SYMMETRIC_DEFAULT: "SYMMETRIC_DEFAULT",
  RSA_2048: "RSAES_OAEP_SHA_256",
  RSA_3072: "RSAES_OAEP_SHA_256",
  RSA_4096: "RSAES_OAEP_SHA_256",
};

/** The key specs that can be used. */
export const usableKeySpecs: readonly string[] = Object.keys(algorithms);

/** The algorithm that the official clients use with a key of this spec. */
export function algorithmOf(spec: AwsKeySpec): AwsAlgorithm {
  return algorithms[spec];
}

/** RSA ciphertexts are as long as the modulus; a symmetric one of a data key has about 184 bytes. */
export function algorithmOfWrapped(wrapped: Uint8Array): AwsAlgorithm {
  return [256, 384, 512].includes(wrapped.length) ? "RSAES_OAEP_SHA_256" : "SYMMETRIC_DEFAULT";
}

/** The other of the two algorithms. */
export function otherAlgorithm(algorithm: AwsAlgorithm): AwsAlgorithm {
  return algorithm === "SYMMETRIC_DEFAULT" ? "RSAES_OAEP_SHA_256" : "SYMMETRIC_DEFAULT";
}
