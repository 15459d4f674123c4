/** What the compiler knows of the write side; this file is compiled, never run. */
import { memoryStorage, type KsmRecord, type SecretsManager } from "@ksmkit/core";
import { ConflictError, SecretsEditor, type DeleteResult, type NewRecord } from "@ksmkit/core/editor";
import { expectType, type Equal } from "@ksmkit/tool-types/expect";

const editor = new SecretsEditor({ storage: memoryStorage() });
const reader: SecretsManager = editor;
// @ts-expect-error a client that reads does not write
void reader.createRecord({ folderUid: "…", record: { type: "login", title: "T", fields: [] } });

// A record as a literal, with members that only the service knows, and one declared elsewhere.
const uid = await editor.createRecord({
  folderUid: "…",
  record: {
    type: "login",
    title: "T",
    fields: [{ type: "login", value: "ann", required: true }],
    custom: undefined,
    further: { kept: true },
  },
});
expectType<Equal<typeof uid, string>>();
declare const made: {
  readonly type: "login";
  readonly title: string;
  readonly fields: readonly {
    readonly type: string;
    readonly value: readonly unknown[];
    readonly label?: string;
  }[];
  readonly custom: readonly { readonly type: string; readonly value: readonly unknown[] }[];
  readonly notes?: string;
};
const record: NewRecord = made;
void record;
// @ts-expect-error no folder
void editor.createRecord({ record: made });
// @ts-expect-error no fields
void editor.createRecord({ folderUid: "…", record: { type: "login", title: "T" } });
// @ts-expect-error a field has a type
void editor.createRecord({ folderUid: "…", record: { type: "login", title: "T", fields: [{ value: "x" }] } });

// Saving.
const { record: saved } = await editor.patchRecord("…", (current) => current.setField("password", "n3w"));
expectType<Equal<typeof saved, KsmRecord>>();
void editor.updateRecord(saved, { transactionType: "rotation" });
// @ts-expect-error no such transaction
void editor.updateRecord(saved, { transactionType: "rotate" });
// @ts-expect-error a record that was read, not its uid
void editor.updateRecord("…");
declare const caught: unknown;
if (caught instanceof ConflictError) {
  expectType<Equal<Awaited<ReturnType<typeof caught.current>>, KsmRecord>>();
}

// Deleting reports each item.
const [result] = await editor.deleteRecords(["…"]);
expectType<Equal<typeof result, DeleteResult | undefined>>();

// Files.
void editor.uploadFile(saved, { name: "key.pem", data: new Uint8Array() });
// @ts-expect-error a file has a name
void editor.uploadFile(saved, { data: new Uint8Array() });
// @ts-expect-error a path is no content
void editor.uploadFile(saved, { name: "key.pem", data: "key.pem" });
