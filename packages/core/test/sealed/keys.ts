/** Two symmetric keys and an asymmetric one, made for these tests. */
import { vectorWrapper, type CountedWrapper } from "./vector-keys.ts";

/** A wrapper of a symmetric key; the same name gives the same key. */
export function symmetricKey(name = "one"): CountedWrapper {
  return vectorWrapper({
    id: name,
    wrap: "fake-aead",
    aesKeyHex: Buffer.from(name.padEnd(32, ".")).toString("hex"),
  });
}
