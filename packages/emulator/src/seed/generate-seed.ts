/** Generates large, realistic, repeatable vaults for benchmarks and load tests. */
import { generateUid } from "../wire/identifiers.ts";
import { NumberSource } from "./number-source.ts";
import type { SeedField, SeedFolder, SeedRecord, VaultSeed } from "./seed.ts";

const letters = "abcdefghijklmnopqrstuvwxyz";
const passwordAlphabet = `${letters}${letters.toUpperCase()}0123456789!@#$%()+;<>=?[]{}^.,`;
const base64Alphabet = `${letters}${letters.toUpperCase()}0123456789+/`;
const names = [
  "anna",
  "boris",
  "chen",
  "dilnoza",
  "emeka",
  "fatima",
  "gustav",
  "hana",
  "ivan",
  "joão",
] as const;
const systems = [
  "billing",
  "orders",
  "search",
  "payroll",
  "metrics",
  "gateway",
  "ledger",
  "catalog",
] as const;
const stages = ["production", "staging", "test", "development"] as const;
const words = [
  "rotate",
  "quarterly",
  "owner",
  "team",
  "backup",
  "primary",
  "replica",
  "contact",
  "see",
  "wiki",
] as const;

/** Makes the standard fields of one record type. */
type Template = (source: NumberSource, host: string) => SeedField[];

const templates: readonly [readonly [string, Template], ...(readonly [string, Template])[]] = [
  [
    "login",
    (source, host) => [
      field("login", `${source.pick(names)}@example.com`),
      field("password", source.text(24, passwordAlphabet)),
      field("url", `https://${host}/login`),
      field(
        "oneTimeCode",
        `otpauth://totp/${host}?secret=${source.text(32, "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567")}`,
      ),
    ],
  ],
  [
    "databaseCredentials",
    (source, host) => [
      field("text", source.pick(["PostgreSQL", "MySQL", "Oracle", "MongoDB"]), "type"),
      field("host", { hostName: host, port: String(1024 + source.below(60_000)) }),
      field("login", source.pick(names)),
      field("password", source.text(32, passwordAlphabet)),
    ],
  ],
  [
    "serverCredentials",
    (source, host) => [
      field("host", { hostName: host, port: "22" }),
      field("login", source.pick(names)),
      field("password", source.text(28, passwordAlphabet)),
    ],
  ],
  [
    "sshKeys",
    (source, host) => [
      field("login", source.pick(names)),
      field("keyPair", {
        publicKey: `ssh-ed25519 ${source.text(68, base64Alphabet)} ${host}`,
        privateKey: "",
      }),
      field("password", source.text(16, passwordAlphabet), "passphrase"),
      field("host", { hostName: host, port: "22" }),
    ],
  ],
  [
    "bankCard",
    (source) => [
      field("paymentCard", {
        cardNumber: source.text(16, "0123456789"),
        cardExpirationDate: `0${1 + source.below(9)}/20${30 + source.below(9)}`,
        cardSecurityCode: source.text(3, "0123456789"),
      }),
      field("text", source.pick(names), "cardholderName"),
      field("pinCode", source.text(4, "0123456789")),
    ],
  ],
  [
    "encryptedNotes",
    (source) => [
      field("note", sentence(source, 20)),
      field("date", 1_600_000_000_000 + source.below(1e9) * 100),
    ],
  ],
];

/** Size of a record's JSON that notes fill up to: 600 to 1 000 bytes. */
const leastSize = 600;
const sizeSpread = 380;

/**
 * Generates a seed of `count` records in about twenty folders, sub-folders included.
 *
 * @param seed - the same number produces the same folders, records and UIDs
 */
export function generateSeed(count: number, seed = 1): VaultSeed {
  const source = new NumberSource(seed);
  const folders: SeedFolder[] = [];
  for (const system of systems) {
    const uid = newUid(source);
    folders.push({ uid, name: system });
    for (const stage of stages.slice(0, source.below(3))) {
      folders.push({ uid: newUid(source), name: `${system} ${stage}`, parent: uid });
    }
  }
  const records = Array.from({ length: count }, (_, index) => makeRecord(source, folders, index));
  return { application: { title: "Generated application" }, folders, records };
}

function makeRecord(source: NumberSource, folders: readonly SeedFolder[], index: number): SeedRecord {
  const [type, template] = source.pick(templates);
  const host = `${source.pick(systems)}-${index}.example.com`;
  const folder = folders[source.below(folders.length)]?.uid;
  const bare = {
    type,
    title: `${type} ${source.pick(systems)} ${source.pick(stages)} ${index}`,
    fields: template(source, host),
    custom: [
      field("text", source.pick(stages), "Environment"),
      field("text", `INV-${100_000 + index}`, "Inventory"),
    ],
  };
  const missing = leastSize + source.below(sizeSpread) - JSON.stringify(bare).length;
  const notes = sentence(source, Math.max(1, Math.floor(missing / 7)));
  return { uid: newUid(source), ...(folder === undefined ? {} : { folder }), ...bare, notes };
}

function field(type: string, value: unknown, label?: string): SeedField {
  return label === undefined ? { type, value: [value] } : { type, label, value: [value] };
}

function sentence(source: NumberSource, length: number): string {
  return Array.from({ length }, () => source.pick(words)).join(" ");
}

function newUid(source: NumberSource): string {
  return generateUid((length) => source.bytes(length));
}
