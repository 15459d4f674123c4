/** What stored bytes can be (kms-storage section 2). */

/** The layouts of the official clients, by what is known of them without any key. */
export type SealedLayout =
  /** JavaScript, and Python for Google, Azure and Oracle: what is written by default. */
  | "standard"
  /** .NET. */
  | "dotnet-le16"
  /** Go, asymmetric keys and Azure. */
  | "go-be32"
  /** Java, symmetric keys: the configuration encrypted by the service itself. */
  | "java-direct"
  /** Python and Go for AWS, Go elsewhere with symmetric keys: the same without any frame. */
  | "direct"
  /** Java, asymmetric keys and Azure: under a constant key, that is, not protected. */
  | "java-zero-key"
  /** The same from Google raw keys. */
  | "java-zero-key-raw";

/** The parts of an envelope: a data key wrapped by the service, and the configuration under the data key. */
export interface EnvelopeParts {
  readonly wrappedKey: Uint8Array;
  readonly nonce: Uint8Array;
  readonly tag: Uint8Array;
  readonly ciphertext: Uint8Array;
}

/** Stored bytes, told apart by {@link recognise}. Nothing is proven by it: that takes the key. */
export type Recognised =
  | { readonly kind: "empty" }
  | { readonly kind: "plaintext"; readonly form: "json" | "base64"; readonly text: string }
  | {
      readonly kind: "envelope";
      readonly layout: "standard" | "dotnet-le16" | "go-be32";
      readonly parts: EnvelopeParts;
      /** Bytes after the last part. */
      readonly rest: number;
    }
  | {
      readonly kind: "unprotected";
      readonly layout: "java-zero-key" | "java-zero-key-raw";
      /** In the place of the tag, by an oversight of the program that wrote it. */
      readonly nonce: Uint8Array;
      /** Ciphertext and a tag of 12 bytes. */
      readonly sealed: Uint8Array;
    }
  | {
      readonly kind: "direct";
      readonly layout: "java-direct" | "direct";
      /** What the service is to decrypt; the first that opens. */
      readonly candidates: readonly Uint8Array[];
    };
