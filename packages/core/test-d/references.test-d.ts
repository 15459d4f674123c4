/** What the compiler knows of references and their values; this file is compiled, never run. */
import type { KsmRecord, SecretsManager } from "@ksmkit/core";
import {
  exportEnv,
  resolve,
  Secret,
  watch,
  type KnownReferences,
  type NotationValue,
  type Reference,
  type References,
} from "@ksmkit/core/references";
import { expectType, type Equal } from "@ksmkit/tool-types/expect";

declare const manager: SecretsManager;
declare const uid: string;
declare const flag: boolean;
interface Host {
  hostName?: string;
  port?: string;
}

// Nothing is known before a generated file says so; see known-references.augmented-d.ts.
expectType<Equal<keyof KnownReferences, never>>();

// Names of the input are names of the output; each literal gives its own type.
const values = await resolve(manager, {
  password: "keeper://Orders database/field/password",
  template: `keeper://${uid}/field/password[0]`,
  urls: "keeper://Web shop/field/url[]",
  property: "keeper://Web shop/custom_field/phone[0][number]",
  properties: "keeper://Web shop/custom_field/phone[][number]",
  whole: "keeper://Web shop/field/host[0][]",
  title: "keeper://Web shop/title",
  anyCase: "KEEPER://Web shop/FILE/cert.pem",
  slash: "keeper://Web shop/field/and/or",
  escaped: "keeper://A\\/B/field/x",
  byTitle: "Orders database",
  record: { uid },
  host: { uid, field: "host" },
  hosts: { uid, field: "host", all: true },
  first: { uid, field: "host", all: false },
  label: { title: "T", customField: "API region" },
  file: { title: "T", file: "cert.pem" },
  packed: { notation: "T/field/login" },
  packedAll: { notation: "T/field/login[]" },
});
expectType<Equal<typeof values.password, string>>();
expectType<Equal<typeof values.template, string>>();
expectType<Equal<typeof values.urls, string[]>>();
expectType<Equal<typeof values.property, string>>();
expectType<Equal<typeof values.properties, string[]>>();
expectType<Equal<typeof values.whole, string>>();
expectType<Equal<typeof values.title, string>>();
expectType<Equal<typeof values.anyCase, Uint8Array<ArrayBuffer>>>();
expectType<Equal<typeof values.slash, string>>();
expectType<Equal<typeof values.byTitle, KsmRecord>>();
expectType<Equal<typeof values.record, KsmRecord>>();
expectType<Equal<typeof values.label, unknown>>();
expectType<Equal<typeof values.file, Uint8Array<ArrayBuffer>>>();
expectType<Equal<typeof values.packed, string>>();
expectType<Equal<typeof values.packedAll, string[]>>();
values.host satisfies Host;
values.hosts satisfies Host[];
values.first satisfies Host;
// @ts-expect-error no such name
void values.none;

// What the compiler cannot read is everything that it may be.
type Any = string | string[] | Uint8Array<ArrayBuffer>;
expectType<Equal<typeof values.escaped, Any>>();
expectType<Equal<NotationValue<string>, Any>>();
expectType<Equal<NotationValue<`keeper://${string}`>, Any>>();
expectType<Equal<NotationValue<`keeper://X/field/${string}`>, string | string[]>>();
declare const configured: Record<string, string>;
const loose = await resolve(manager, configured);
expectType<Equal<(typeof loose)[string], Any | KsmRecord>>();
const texts = await resolve(manager, configured, { text: true });
expectType<Equal<(typeof texts)[string], string>>();
declare const references: References;
void (await resolve(manager, references));

// Options decide about the form of values and result.
const secrets = await resolve(
  manager,
  { password: "keeper://T/field/password", file: { uid, file: "f" }, record: { uid } },
  { secret: true },
);
expectType<Equal<typeof secrets.password, Secret>>();
expectType<Equal<typeof secrets.file, Secret<Uint8Array<ArrayBuffer>>>>();
expectType<Equal<typeof secrets.record, KsmRecord>>();
const both = await resolve(manager, { a: { uid, field: "host" } }, { secret: true, text: true, links: true });
expectType<Equal<typeof both.a, Secret>>();
const partial = await resolve(manager, { a: "keeper://T/field/password" }, { partial: true });
expectType<Equal<typeof partial.values.a, string | undefined>>();
const either = await resolve(manager, { a: "keeper://T/field/password" }, { secret: flag });
expectType<Equal<typeof either.a, string | Secret>>();
const whole = await resolve(
  manager,
  { a: "keeper://T/field/password" },
  { partial: false, secret: undefined },
);
expectType<Equal<typeof whole.a, string>>();

// References are checked.
// @ts-expect-error a number is no reference
void resolve(manager, { a: 7 });
// @ts-expect-error uid or title, not both
void resolve(manager, { a: { uid, title: "T" } });
// @ts-expect-error one thing at a time
void resolve(manager, { a: { uid, field: "login", file: "x" } });
// @ts-expect-error all belongs to fields
void resolve(manager, { a: { uid, all: true } });
// @ts-expect-error no record
const nothing: Reference = { field: "login" };
void nothing;

// A secret gives its value to a function only.
const secret = new Secret("x");
expectType<Equal<ReturnType<typeof secret.use<number>>, number>>();
secret.use((text) => text.length) satisfies number;
// @ts-expect-error no property gives it
void secret.value;

// WatchHandle.
const watched = { password: "keeper://T/field/password", host: { uid, field: "host" } } as const;
for await (const update of watch(manager, watched, { intervalMs: 30_000 })) {
  expectType<Equal<typeof update.changed, readonly ("password" | "host")[]>>();
  if (update.values) expectType<Equal<typeof update.values.password, string>>();
  // @ts-expect-error not before every reference has had a value
  void update.values.password;
}
using watching = watch(
  manager,
  watched,
  ({ values }) => {
    if (values) values.password satisfies Secret;
  },
  { secret: true },
);
watching.values?.password satisfies Secret | undefined;
watch(manager, watched, ({ values }) => values?.password satisfies string | undefined).stop();
// @ts-expect-error no such option
watch(manager, watched, { interval: 1 }).stop();

// Environment variables are text.
const { variables } = await exportEnv(manager, {
  variables: watched,
  records: [{ title: "T", prefix: "T_" }],
});
expectType<Equal<typeof variables, Record<string, string>>>();
