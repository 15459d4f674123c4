/** Element types of the known field types (ksm-protocol section 18.2). Every property may be missing. */
import type { JsonObject } from "@ksmkit/common";

/** Element of `name`. */
export interface NameValue {
  first?: string;
  middle?: string;
  last?: string;
}

/** Element of `phone`. */
export interface PhoneValue {
  region?: string;
  number?: string;
  ext?: string;
  /** For example `Mobile`, `Home`, `Work`. */
  type?: string;
}

/** Element of `address`. */
export interface AddressValue {
  street1?: string;
  street2?: string;
  city?: string;
  state?: string;
  country?: string;
  zip?: string;
}

/** Element of `paymentCard`. */
export interface PaymentCardValue {
  cardNumber?: string;
  /** `MM/YYYY`. */
  cardExpirationDate?: string;
  cardSecurityCode?: string;
}

/** Element of `bankAccount`. */
export interface BankAccountValue {
  accountType?: string;
  routingNumber?: string;
  accountNumber?: string;
  otherType?: string;
}

/** Element of `securityQuestion`. */
export interface SecurityQuestionValue {
  question?: string;
  answer?: string;
}

/** Element of `host` and `pamHostname`. */
export interface HostValue {
  hostName?: string;
  /** The port as text. */
  port?: string;
}

/** Element of `keyPair`. */
export interface KeyPairValue {
  publicKey?: string;
  privateKey?: string;
}

/** Element of `schedule`. */
export interface ScheduleValue {
  type?: string;
  cron?: string;
  time?: string;
  tz?: string;
  weekday?: string;
  intervalCount?: number;
  /** The old form of `time` and `tz`. */
  utcTime?: string;
}

/** Element of `script`. */
export interface ScriptValue {
  /** Uid of the file. */
  fileRef?: string;
  command?: string;
  /** Uids of the records that the script uses. */
  recordRef?: string[];
}

/** Element of `passkey`. */
export interface PasskeyValue {
  /** Private key as JSON Web Key. */
  privateKey?: JsonObject;
  credentialId?: string;
  signCount?: number;
  userId?: string;
  relyingParty?: string;
  username?: string;
  /** Milliseconds since the epoch. */
  createdDate?: number;
}

/** Element of `appFiller`. */
export interface AppFillerValue {
  applicationTitle?: string;
  contentFilter?: string;
  macroSequence?: string;
}

/** Element of `pamResources`. */
export interface PamResourcesValue {
  controllerUid?: string;
  folderUid?: string;
  resourceRef?: string[];
  allowedSettings?: {
    connections?: boolean;
    portForwards?: boolean;
    rotation?: boolean;
    sessionRecording?: boolean;
    typescriptRecording?: boolean;
  };
}

/** Element of `pamSettings`. The connection is open-ended: its keys depend on the protocol. */
export interface PamSettingsValue {
  allowSupplyHost?: boolean;
  connection?: JsonObject | JsonObject[];
  portForward?: JsonObject | JsonObject[];
}

/** Element of `pamRemoteBrowserSettings`. */
export interface PamRemoteBrowserSettingsValue {
  connection?: JsonObject;
}

type StringFields = Record<
  | "login"
  | "password"
  | "url"
  | "text"
  | "multiline"
  | "email"
  | "secret"
  | "note"
  | "accountNumber"
  | "licenseNumber"
  | "pinCode"
  | "rbiUrl"
  | "trafficEncryptionSeed"
  | "oneTimeCode"
  | "otp"
  | "databaseType"
  | "directoryType"
  | "dropdown"
  | "wifiEncryption"
  | "fileRef"
  | "cardRef"
  | "addressRef"
  | "recordRef",
  string
>;

/** Field type to the type of one of its values. Dates are milliseconds since the epoch. */
export interface FieldValueMap extends StringFields {
  checkbox: boolean;
  isSSIDHidden: boolean;
  date: number;
  birthDate: number;
  expirationDate: number;
  name: NameValue;
  phone: PhoneValue;
  address: AddressValue;
  paymentCard: PaymentCardValue;
  bankAccount: BankAccountValue;
  securityQuestion: SecurityQuestionValue;
  host: HostValue;
  pamHostname: HostValue;
  keyPair: KeyPairValue;
  schedule: ScheduleValue;
  script: ScriptValue;
  passkey: PasskeyValue;
  appFiller: AppFillerValue;
  pamResources: PamResourcesValue;
  pamSettings: PamSettingsValue;
  pamRemoteBrowserSettings: PamRemoteBrowserSettingsValue;
}

/** Type of one value of a field: known for the types of {@link FieldValueMap}, else `unknown`. */
export type FieldValue<K extends string> = K extends keyof FieldValueMap ? FieldValueMap[K] : unknown;
