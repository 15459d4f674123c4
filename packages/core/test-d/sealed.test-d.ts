/** Byte stores and key wrappers as outsiders write them. */
import {
  inspectBlob,
  sealedStorage,
  textStore,
  type ByteStore,
  type KeyWrapper,
  type SealedStorage,
} from "@ksmkit/core/sealed";

const wrapper: KeyWrapper = {
  provider: "Ours",
  keyId: "one",
  wrap: async (plaintext, { signal, purpose }) => {
    signal.throwIfAborted();
    return purpose === "data-key" ? plaintext : new Uint8Array(1);
  },
  unwrap: async (wrapped) => wrapped,
};
const readOnly: ByteStore = { description: "ours", read: async () => null };
const writable: ByteStore = {
  ...readOnly,
  write: async (bytes, { seen }) => void [bytes?.length, seen?.version],
};
const storage: SealedStorage = sealedStorage({ store: writable, wrapper, plaintext: "refuse" });
sealedStorage({ store: textStore("…"), wrapper });
const layout: string = inspectBlob(new Uint8Array()).layout;

// @ts-expect-error a store must be readable
sealedStorage({ store: { description: "ours" }, wrapper });
// @ts-expect-error a wrapper must also unwrap
sealedStorage({ store: readOnly, wrapper: { provider: "Ours", keyId: "one", wrap: wrapper.wrap } });
// @ts-expect-error no such policy
sealedStorage({ store: readOnly, wrapper, plaintext: "never" });

export { layout, storage };
