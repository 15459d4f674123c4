/** One record of every type that people keep: log-ins, cards, papers, keys. */
import { field, generate, record, totpUri, type RecordData, type RecordUid } from "@ksmkit/helper";

/** Stores one record and returns its uid, for references from records made later. */
export type Keep = (record: RecordData) => Promise<RecordUid>;

/** Makes them in an order in which references find their target. */
export async function makeEverydayRecords(keep: Keep): Promise<void> {
  const name = { first: "Ann", middle: "B.", last: "Lee" };

  await keep(
    record("login", {
      title: "Web shop",
      notes: "Customer number: see the invoice.",
      fields: {
        login: "ann@example.com",
        password: generate({ length: 24, digits: 2, special: 2 }),
        url: ["https://shop.example", "https://www.shop.example"],
        oneTimeCode: totpUri({ secret: "JBSWY3DPEHPK3PXP", issuer: "Web shop", account: "ann@example.com" }),
        passkey: { relyingParty: "shop.example", username: "ann", signCount: 0, createdDate: new Date(0) },
      },
      custom: [
        field("text", "42", { label: "Cost centre" }), // stays the text "42"
        field("securityQuestion", { question: "First pet?", answer: "Rex" }),
        field("checkbox", false, { label: "Newsletter" }),
      ],
    }),
  );

  const home = await keep(
    record("address", {
      title: "Home",
      fields: { address: { street1: "1 High Street", city: "Leeds", zip: "LS1 1AA", country: "GB" } },
    }),
  );
  const card = await keep(
    record("bankCard", {
      title: "Debit card",
      fields: {
        paymentCard: {
          cardNumber: "4111111111111111",
          cardExpirationDate: "04/2030",
          cardSecurityCode: "123",
        },
        cardholderName: "Ann B. Lee",
        pinCode: "0042", // leading zeros stay
        addressRef: home,
      },
    }),
  );
  await keep(
    record("bankAccount", {
      title: "Savings",
      fields: {
        bankAccount: { accountType: "Savings", routingNumber: "021000021", accountNumber: "000012345" },
        name,
        login: "ann",
        password: generate(),
        cardRef: card,
      },
    }),
  );
  await keep(
    record("contact", {
      title: "Ann Lee",
      fields: {
        name,
        company: "Example Ltd",
        email: "ann@example.com",
        phone: [
          { number: "555 1230", type: "Work", ext: "7" },
          { region: "GB", number: "555 1231", type: "Mobile" },
        ],
        addressRef: home,
      },
    }),
  );
  await keep(
    record("birthCertificate", { title: "Birth certificate", fields: { name, birthDate: "1980-02-29" } }),
  );
  await keep(
    record("driverLicense", {
      title: "Driving licence",
      fields: {
        dlNumber: "LEE99-802290",
        name,
        birthDate: "1980-02-29",
        addressRef: home,
        expirationDate: "2030-01-31",
      },
    }),
  );
  await keep(
    record("passport", {
      title: "Passport",
      fields: {
        passportNumber: "012345678",
        name,
        birthDate: "1980-02-29",
        addressRef: home,
        dateIssued: "2021-07-01T12:00:00+06:00", // stored as 06:00 UTC
        expirationDate: new Date("2031-07-01"),
      },
    }),
  );
  await keep(record("ssnCard", { title: "Identity card", fields: { identityNumber: "123-45-6789", name } }));
  await keep(
    record("healthInsurance", {
      title: "Health insurance",
      fields: { accountNumber: "H-0001", insuredsName: name, login: "ann", url: "https://health.example" },
    }),
  );
  await keep(
    record("membership", {
      title: "Library card",
      fields: { accountNumber: "M-0001", name, password: generate({ length: 12 }) },
    }),
  );
  await keep(
    record("encryptedNotes", {
      title: "Service account",
      fields: { note: '{"type": "service_account"}', date: "2026-01-15" }, // the note stays text
    }),
  );
  await keep(record("file", { title: "Contract" }));
  await keep(record("photo", { title: "Photo of the passport" }));
  await keep(
    record("softwareLicense", {
      title: "Editor licence",
      fields: { licenseNumber: "ABC-123", dateActive: "2026-01-01", expirationDate: "2027-01-01" },
    }),
  );
  await keep(
    record("wifiCredentials", {
      title: "Office network",
      fields: {
        SSID: "office",
        password: generate({ length: 20 }),
        wifiEncryption: "wpa",
        isSSIDHidden: true,
      },
    }),
  );
  await keep(
    record("serverCredentials", {
      title: "Build server",
      fields: { host: { hostName: "build.example", port: "22" }, login: "ci", password: generate() },
    }),
  );
  await keep(
    record("databaseCredentials", {
      title: "Orders database",
      fields: {
        type: "postgresql",
        host: { hostName: "orders.example", port: "5432" },
        login: "orders",
        password: generate(),
      },
    }),
  );
  await keep(
    record("sshKeys", {
      title: "Deploy key",
      fields: {
        login: "git",
        keyPair: {
          publicKey: "ssh-ed25519 AAAA… deploy",
          privateKey: "-----BEGIN OPENSSH PRIVATE KEY-----\n…",
        },
        passphrase: generate({ length: 32 }),
        host: { hostName: "git.example" },
      },
    }),
  );
}
