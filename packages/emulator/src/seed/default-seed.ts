/** The built-in seed: one of everything that a client must cope with. All values are made up. */
import { generateKeyPairSync } from "node:crypto";
import type { VaultSeed } from "./seed.ts";

const totpUri =
  "otpauth://totp/Shop:anna%40example.com?secret=JBSWY3DPEHPK3PXP&issuer=Shop&algorithm=SHA1&digits=6&period=30";

/** The contents of a vault started without a seed. Each call returns a new object with a new SSH key pair. */
export function defaultSeed(): VaultSeed {
  return {
    application: { title: "Demo application" },
    folders: [
      { name: "Team" },
      { name: "Databases", parent: "Team" },
      { name: "Production", parent: "Databases" },
      { name: "Servers" },
      { name: "Empty" },
      { name: "Archive", readOnly: true },
    ],
    records: [
      {
        folder: "Team",
        type: "login",
        title: "Web shop",
        notes: "Used by the quick start.",
        fields: {
          login: "anna@example.com",
          password: "correct horse battery staple",
          url: ["https://shop.example.com", "https://shop.example.com/admin"],
          oneTimeCode: totpUri,
        },
        custom: { "API region": "eu-central", "Support PIN": "4711" },
        files: [
          { name: "recovery-codes.txt", title: "Recovery codes", content: "11111-22222\n33333-44444\n" },
        ],
      },
      {
        folder: "Production",
        type: "databaseCredentials",
        title: "Orders database",
        fields: [
          { type: "text", label: "type", value: ["PostgreSQL"] },
          { type: "host", value: [{ hostName: "orders.db.example.com", port: "5432" }] },
          { type: "login", value: ["orders"] },
          { type: "password", value: ["p0stgres-orders"] },
        ],
      },
      {
        folder: "Servers",
        type: "sshKeys",
        title: "Build server",
        fields: [
          { type: "login", value: ["builder"] },
          { type: "keyPair", value: [sshKeyPair()] },
          { type: "password", label: "passphrase", value: [] },
          { type: "host", value: [{ hostName: "build.example.com", port: "22" }] },
        ],
      },
      {
        folder: "Team",
        shortcuts: ["Servers"],
        direct: true,
        type: "login",
        title: "Shared everywhere",
        fields: { login: "ops", password: "one record, three places" },
      },
      {
        type: "login",
        title: "Shared directly",
        fields: { login: "direct", password: "no folder" },
      },
      {
        folder: "Servers",
        type: "pamMachine",
        title: "Payroll machine",
        fields: [
          { type: "pamHostname", value: [{ hostName: "payroll.example.com", port: "3389" }] },
          { type: "trafficEncryptionSeed", value: [] },
        ],
        links: [
          { recordUid: "Payroll administrator", data: { is_admin: true, belongs_to: true } },
          { path: "meta", data: { version: 1, allowedSettings: { rotation: true, connections: true } } },
          { path: "ai_settings", data: { version: 1, riskLevels: { high: { aiSessionTerminate: true } } } },
          { path: "jit_settings", data: { createEphemeral: true, elevate: false } },
        ],
      },
      {
        folder: "Servers",
        type: "pamUser",
        title: "Payroll administrator",
        fields: { login: "Administrator", password: "payroll-admin" },
      },
      {
        folder: "Team",
        type: "login",
        title: "Zürich – 東京 🔐",
        notes: "Grüße aus Zürich, こんにちは, мир.",
        fields: { login: "ユーザー", password: "пароль-🔑" },
        custom: { Straße: "Bahnhofstraße 1" },
      },
      {
        folder: "Archive",
        type: "encryptedNotes",
        title: "Read-only note",
        fields: [{ type: "note", value: ["This folder is shared without write access."] }],
      },
    ],
  };
}

function sshKeyPair(): { publicKey: string; privateKey: string } {
  const { publicKey, privateKey } = generateKeyPairSync("ed25519", {
    publicKeyEncoding: { type: "spki", format: "pem" },
    privateKeyEncoding: { type: "pkcs8", format: "pem" },
  });
  return { publicKey, privateKey };
}
