import type { NotationFile, NotationRecord, NotationSource } from "../../src/notation/index.ts";

/** Records at hand, and a note of what was asked for. */
export interface FakeSource extends NotationSource {
  readonly requests: (readonly string[] | "all")[];
}

/** Serves the given records; a file's content is the UTF-8 of its uid. */
export function fakeSource(...records: NotationRecord[]): FakeSource {
  const requests: FakeSource["requests"] = [];
  return {
    requests,
    fetchRecords: async (uids) => {
      requests.push(uids ?? "all");
      return uids ? records.filter(({ uid }) => uids.includes(uid)) : records;
    },
    downloadFile: async (_record: NotationRecord, { uid }: NotationFile) => new TextEncoder().encode(uid),
  };
}

/** A uid that is easy to read in tests: the name filled up to 22 characters. */
export function uidOf(name: string): string {
  return name.padEnd(22, "_");
}
