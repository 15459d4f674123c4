/** References of a program whose generated file augments {@link KnownReferences}: a compilation of its own. */
import type { KsmRecord, SecretsManager } from "@ksmkit/core";
import { getNotation, getNotationText } from "@ksmkit/core/notation";
import { resolve, watch, type KnownReferences, type Reference, type Secret } from "@ksmkit/core/references";
import { expectType, type Equal } from "@ksmkit/tool-types/expect";

declare module "@ksmkit/core/references" {
  interface KnownReferences {
    "keeper://Ilvmt1wuFzWWLuzSLgJHnQ/field/password": string;
    "keeper://Ilvmt1wuFzWWLuzSLgJHnQ/field/stage": "test" | "live";
    "keeper://Ilvmt1wuFzWWLuzSLgJHnQ/field/url[]": string[];
    "keeper://Ilvmt1wuFzWWLuzSLgJHnQ/file/cert.pem": Uint8Array<ArrayBuffer>;
  }
}

declare const manager: SecretsManager;
declare const text: string;

const references = {
  password: "keeper://Ilvmt1wuFzWWLuzSLgJHnQ/field/password",
  stage: "keeper://Ilvmt1wuFzWWLuzSLgJHnQ/field/stage",
  urls: "keeper://Ilvmt1wuFzWWLuzSLgJHnQ/field/url[]",
  file: "keeper://Ilvmt1wuFzWWLuzSLgJHnQ/file/cert.pem",
  other: "keeper://Web shop/field/url[]",
  record: "Web shop",
} as const;

// The type of a known reference is what the file says, of any other what its form says.
const values = await resolve(manager, references);
expectType<Equal<typeof values.password, string>>();
expectType<Equal<typeof values.stage, "test" | "live">>();
expectType<Equal<typeof values.urls, string[]>>();
expectType<Equal<typeof values.file, Uint8Array<ArrayBuffer>>>();
expectType<Equal<typeof values.other, string[]>>();
expectType<Equal<typeof values.record, KsmRecord>>();

const secrets = await resolve(manager, references, { secret: true });
expectType<Equal<typeof secrets.stage, Secret<"test" | "live">>>();

for await (const update of watch(manager, references)) {
  if (update.values) expectType<Equal<typeof update.values.stage, "test" | "live">>();
}

// Any other text stays allowed.
const anyText: Reference = text;
await resolve(manager, { anyText });

const stage = await getNotationText(manager, "keeper://Ilvmt1wuFzWWLuzSLgJHnQ/field/stage");
expectType<Equal<typeof stage, "test" | "live">>();
const urls = await getNotation(manager, "keeper://Ilvmt1wuFzWWLuzSLgJHnQ/field/url[]");
expectType<Equal<typeof urls, string[]>>();
const file = await getNotationText(manager, "keeper://Ilvmt1wuFzWWLuzSLgJHnQ/file/cert.pem");
expectType<Equal<typeof file, string>>();
const unknown = await getNotationText(manager, "keeper://Web shop/field/login");
expectType<Equal<typeof unknown, string>>();
expectType<Equal<Awaited<ReturnType<typeof getNotation>>, string[]>>();

expectType<Equal<KnownReferences["keeper://Ilvmt1wuFzWWLuzSLgJHnQ/field/password"], string>>();
// @ts-expect-error not among the known ones
type _Missing = KnownReferences["keeper://Web shop/field/login"];
