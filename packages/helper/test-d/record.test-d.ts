/** What the compiler refuses and what it completes; this file is compiled, never run. */
import {
  defineRecordType,
  field,
  generate,
  readRecord,
  record,
  slot,
  totpUri,
  TypeRegistry,
  uid,
  type DateInput,
  type FieldInput,
  type FieldInputMap,
  type FieldTypeName,
  type FieldValueMap,
  type FieldView,
  type RecordData,
  type RecordTypeMap,
  type RecordTypeName,
  type RecordUid,
} from "@ksmkit/helper";
import { validateWith, recordSchema, type StandardSchema } from "@ksmkit/helper/schema";
import type { KsmRecord } from "@ksmkit/core";
import type { SecretsEditor } from "@ksmkit/core/editor";
import { expectType, type Equal, type IsAny } from "@ksmkit/tool-types/expect";

declare const ref: RecordUid;

// Slots: the names and values of the type, and nothing else.
record("login", { title: "T" });
record("login", { title: "T", fields: {} });
record("login", {
  title: "T",
  fields: { login: "ann", password: generate(), url: ["a", "b"], fileRef: ref },
});
// @ts-expect-error a slot of another type
record("login", { title: "T", fields: { host: { hostName: "h" } } });
// @ts-expect-error a misspelt slot
record("login", { title: "T", fields: { logn: "ann" } });
// @ts-expect-error no such record type
record("logins", { title: "T" });
// @ts-expect-error a type that is only read
record("general", { title: "T" });
// @ts-expect-error a type with a field that cannot be stored
record("pamGcpConfiguration", { title: "T" });
// @ts-expect-error no title
record("login", { fields: {} });
// @ts-expect-error a misspelt part
record("login", { title: "T", note: "n" });
// @ts-expect-error a number for text
record("login", { title: "T", fields: { login: 5 } });
// @ts-expect-error several values where clients expect one
record("login", { title: "T", fields: { login: ["ann", "bob"] } });
// @ts-expect-error any text for a uid
record("login", { title: "T", fields: { fileRef: "OlLZ6JLjnyMOS3CiIPHBjw" } });
// @ts-expect-error a generated password where no password belongs
record("login", { title: "T", fields: { login: generate() } });
// @ts-expect-error options with a misspelt key
record("login", { title: "T" }, { labels: "display" });

// Required slots.
record("contact", { title: "T", fields: { name: { first: "Ann" } } });
// @ts-expect-error no name
record("contact", { title: "T", fields: {} });
// @ts-expect-error no fields at all
record("contact", { title: "T" });
// @ts-expect-error a required slot is not undefined
record("contact", { title: "T", fields: { name: undefined } });
record("pamUser", { title: "T", fields: { login: "root", managed: true } });
// @ts-expect-error no login
record("pamUser", { title: "T", fields: { managed: true } });

// Shapes of values.
record("address", { title: "T", fields: { address: { street1: "1 High Street", country: "GB" } } });
// @ts-expect-error a key of no address
record("address", { title: "T", fields: { address: { street: "1 High Street" } } });
// @ts-expect-error no country of that code
record("address", { title: "T", fields: { address: { country: "UK" } } });
// @ts-expect-error no kind of telephone
record("contact", { title: "T", fields: { name: {}, phone: { type: "Fax" } } });
// @ts-expect-error a port is text
record("serverCredentials", { title: "T", fields: { host: { hostName: "h", port: 22 } } });
record("passport", {
  title: "T",
  fields: { birthDate: new Date(), expirationDate: "2030-01-31", dateIssued: 0 },
});
// @ts-expect-error a date is no truth value
record("passport", { title: "T", fields: { birthDate: true } });
record("pamMachine", {
  title: "T",
  fields: {
    pamHostname: { hostName: "h" },
    operatingSystem: "plan9", // known values are offered, others pass
    sslVerification: true,
    rotationScripts: [{ fileRef: ref, recordRef: [ref] }],
  },
});
// @ts-expect-error text for a truth value
record("pamMachine", { title: "T", fields: { pamHostname: {}, sslVerification: "yes" } });
// @ts-expect-error a lone uid for a list
record("pamMachine", { title: "T", fields: { pamHostname: {}, rotationScripts: { recordRef: ref } } });

// Custom fields.
field("text", "42", { label: "Cost centre" });
field("phone", [{ number: "1", type: "Work" }]);
field("password", undefined, { enforceGeneration: true, complexity: { length: 20 } });
// @ts-expect-error no such field type
field("texts", "42");
// @ts-expect-error an element type is no field type
field("phoneItem", { number: "1" });
// @ts-expect-error a retired type is not made
field("pamProvider", "x");
// @ts-expect-error the value of another type
field("checkbox", "maybe");
// @ts-expect-error only passwords are generated
field("text", "42", { enforceGeneration: true });
// @ts-expect-error complexity has no such key
field("password", generate({ size: 20 }));
expectType<Equal<ReturnType<typeof field<"text">>["type"], "text">>();
expectType<Equal<FieldInput<"login">, string>>();
expectType<Equal<FieldInput<"date">, DateInput | readonly DateInput[]>>();

// A built record is not changed by accident.
const built = record("login", { title: "T" });
expectType<Equal<typeof built, RecordData<"login">>>();
// @ts-expect-error readonly
built.title = "U";
// @ts-expect-error readonly array
built.fields.push(field("text"));

// Custom types.
const serviceAccount = defineRecordType("serviceAccount", {
  login: slot("login", { required: true }),
  token: slot("secret", { label: "API token" }),
  expires: slot("date"),
});
const account = record(serviceAccount, { title: "T", fields: { login: "bot", expires: new Date() } });
expectType<Equal<typeof account.type, "serviceAccount">>();
// @ts-expect-error no login
record(serviceAccount, { title: "T", fields: { token: "x" } });
// @ts-expect-error no such slot
record(serviceAccount, { title: "T", fields: { login: "bot", tokens: "x" } });
// @ts-expect-error a date is no truth value
record(serviceAccount, { title: "T", fields: { login: "bot", expires: true } });
// @ts-expect-error no such field type
slot("texts");
new TypeRegistry().define(serviceAccount);

// Views.
const view = readRecord({}, "passport");
expectType<Equal<ReturnType<typeof view.get<"birthDate">>, number | undefined>>();
expectType<Equal<ReturnType<typeof view.get<"passportNumber">>, string | undefined>>();
// @ts-expect-error no such slot
view.get("login");
// @ts-expect-error a truth value for a date
view.set("birthDate", true);
expectType<Equal<ReturnType<typeof view.field<"checkbox">>, FieldView<boolean> | undefined>>();
const accountView = readRecord({}, serviceAccount);
expectType<Equal<ReturnType<typeof accountView.get<"token">>, string | undefined>>();
const anyView = readRecord({});
expectType<Equal<ReturnType<typeof anyView.get<"whatever">>, unknown>>();

// Small constructors.
const checked = uid("OlLZ6JLjnyMOS3CiIPHBjw");
expectType<Equal<typeof checked, RecordUid>>();
// @ts-expect-error no such algorithm
totpUri({ secret: "JBSWY3DP", algorithm: "MD5" });
// @ts-expect-error no such length
totpUri({ secret: "JBSWY3DP", digits: 5 });

// Schemas, ours and foreign ones.
const schema = recordSchema("login");
expectType<
  Equal<typeof schema extends StandardSchema<infer _, infer Output> ? Output : never, RecordData<"login">>
>();
declare const foreign: StandardSchema<{ a: string }, { a: number }>;
expectType<Equal<Awaited<ReturnType<typeof validateWith<{ a: number }>>>, { a: number }>>();
void validateWith(foreign, {}).then((value) => value.a.toFixed());

// Nothing has become `any`, and every table has every name.
expectType<Equal<FieldTypeName, keyof FieldValueMap>>();
expectType<Equal<FieldInputMap["text"], string>>();
expectType<Equal<"login" extends RecordTypeName ? true : false, true>>();
expectType<Equal<string extends RecordTypeName ? true : false, false>>();
expectType<Equal<RecordTypeMap["login"]["login"], string | undefined>>();

// What is built goes to core as it is, and so does what was read.
declare const editor: SecretsEditor;
declare const secret: KsmRecord;
void editor.createRecord({ folderUid: "…", record: built });
void editor.createRecord({ folderUid: "…", record: view.clone({ title: "Copy" }).toData() });
secret.data = view.toData();
expectType<Equal<IsAny<ReturnType<typeof view.toData>["further"]>, false>>();
