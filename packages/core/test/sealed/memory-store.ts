/** Byte stores in memory: a place that several storages may share. */
import { StorageError } from "../../src/errors/errors.ts";
import type { ByteStore, ByteWrite } from "../../src/sealed/byte-store.ts";

/** What lies in a {@link memoryStore}, and what was done to it. */
export interface MemoryPlace {
  bytes: Uint8Array | null;
  version: number;
  writes: ByteWrite[];
}

/** Makes a place. */
export function memoryPlace(bytes: Uint8Array | null = null): MemoryPlace {
  return { bytes, version: 1, writes: [] };
}

/** A store that compares versions, as Kubernetes and Google's secrets do. */
export function memoryStore(place: MemoryPlace): Required<Pick<ByteStore, "write">> & ByteStore {
  return {
    description: "test memory",
    read: async () => place.bytes && { bytes: Uint8Array.from(place.bytes), version: String(place.version) },
    write: async (bytes, write) => {
      const stored = place.bytes === null ? undefined : String(place.version);
      if (write.seen?.version !== stored) throw new StorageError("ERR_KSM_STORAGE_CONFLICT", "changed");
      place.bytes = bytes && Uint8Array.from(bytes);
      place.version++;
      place.writes.push(write);
    },
  };
}
