/** The shared store of one process. */
import type { Clock } from "@ksmkit/common";
import type { SharedEntry, SharedStore } from "./shared-store.ts";

/** Options of {@link memorySharedStore}. */
export interface MemorySharedStoreOptions {
  /** Default: `Date.now`. */
  clock?: Clock | undefined;
}

interface Slot {
  entry?: { version: string; bytes: Uint8Array; epoch: number; publishedAt: number; endsAt: number };
  lease?: { id: string; takenAt: number; endsAt: number };
  /** Id of the last lease. */
  fence?: string;
}

/** Shares responses between the caches of one process, for tests and simulations; behaves as the one over Redis. */
export function memorySharedStore({ clock = Date.now }: MemorySharedStoreOptions = {}): SharedStore {
  const clients = new Map<string, { epoch: number; slots: Map<string, Slot> }>();
  const of = (client: string): { epoch: number; slots: Map<string, Slot> } => {
    let state = clients.get(client);
    if (state === undefined) clients.set(client, (state = { epoch: 0, slots: new Map() }));
    return state;
  };
  const slotOf = (client: string, name: string): Slot => {
    const { slots } = of(client);
    let slot = slots.get(name);
    if (slot === undefined) slots.set(name, (slot = {}));
    const now = clock();
    const { entry, lease } = slot;
    if (entry !== undefined && now < entry.publishedAt) {
      // The clock was set back: ages are counted from now on.
      entry.endsAt -= entry.publishedAt - now;
      entry.publishedAt = now;
    }
    if (entry !== undefined && now >= entry.endsAt) delete slot.entry;
    if (lease !== undefined && (now >= lease.endsAt || now < lease.takenAt)) delete slot.lease;
    return slot;
  };
  return {
    description: "memory",
    look: async (client, name, known) => {
      const { entry } = slotOf(client, name);
      const shown: SharedEntry | null = entry
        ? {
            version: entry.version,
            ageMs: clock() - entry.publishedAt,
            epoch: entry.epoch,
            bytes: entry.version === known ? null : entry.bytes.slice(),
          }
        : null;
      return { entry: shown, epoch: of(client).epoch };
    },
    lease: async (client, name, id, ms) => {
      const slot = slotOf(client, name);
      if (slot.lease !== undefined) return null;
      const takenAt = clock();
      slot.lease = { id, takenAt, endsAt: takenAt + ms };
      slot.fence = id;
      return { id, epoch: of(client).epoch, version: slot.entry?.version ?? null };
    },
    publish: async (client, name, { lease, version, bytes, keepMs }) => {
      const slot = slotOf(client, name);
      if (slot.fence !== lease.id) return false;
      const now = clock();
      slot.entry = {
        version,
        bytes: bytes.slice(),
        epoch: lease.epoch,
        publishedAt: now,
        endsAt: now + keepMs,
      };
      if (slot.lease?.id === lease.id) delete slot.lease;
      return true;
    },
    hold: async (client, name, { id }, ms) => {
      const slot = slotOf(client, name);
      if (slot.lease?.id !== id) return;
      if (ms > 0) slot.lease.endsAt = clock() + ms;
      else delete slot.lease;
    },
    change: async (client) => {
      of(client).epoch++;
    },
    purge: async (client) => {
      const state = of(client);
      // A refresh in progress must not bring back what is removed.
      state.epoch++;
      state.slots.clear();
    },
  };
}
