/** The names of variables that a record can give to nothing but a value of its own: those of the known field types. */
import type { FieldValueMap } from "../../records/field-types.ts";
import { envName } from "./env-name.ts";

const standardTypes: Readonly<Record<keyof FieldValueMap, true>> = {
  login: true,
  password: true,
  url: true,
  text: true,
  multiline: true,
  email: true,
  secret: true,
  note: true,
  accountNumber: true,
  licenseNumber: true,
  pinCode: true,
  rbiUrl: true,
  trafficEncryptionSeed: true,
  oneTimeCode: true,
  otp: true,
  databaseType: true,
  directoryType: true,
  dropdown: true,
  wifiEncryption: true,
  fileRef: true,
  cardRef: true,
  addressRef: true,
  recordRef: true,
  checkbox: true,
  isSSIDHidden: true,
  date: true,
  birthDate: true,
  expirationDate: true,
  name: true,
  phone: true,
  address: true,
  paymentCard: true,
  bankAccount: true,
  securityQuestion: true,
  host: true,
  pamHostname: true,
  keyPair: true,
  schedule: true,
  script: true,
  passkey: true,
  appFiller: true,
  pamResources: true,
  pamSettings: true,
  pamRemoteBrowserSettings: true,
};

const standardNames: ReadonlySet<string> = /* @__PURE__ */ new Set(
  Object.keys(standardTypes).map((type) => envName(type)),
);

/** True for what a standard field type makes, such as `LOGIN` or `ONE_TIME_CODE`; a label may make it too. */
export function isStandardName(name: string): boolean {
  return standardNames.has(name);
}
