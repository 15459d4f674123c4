/**
 * Fields to put into records: one class per field type, each holding one value. Plain data but for their class, so
 * they are stored as they look.
 */
import type {
  Address,
  AppFiller,
  BankAccount,
  Host,
  KeyPair,
  Name,
  PamRemoteBrowserSetting,
  PamResource,
  PamSetting,
  Passkey,
  PasswordComplexity,
  PaymentCard,
  Phone,
  Schedule,
  Script,
  SecurityQuestion,
} from "./field-values.ts";

/** Any field. */
export class KeeperRecordField {
  type: string = "";
  declare label?: string;
}

/** A field with one value. */
class Field<T> extends KeeperRecordField {
  declare required?: boolean;
  value?: T[];

  constructor(value: T) {
    super();
    this.value = [value];
  }
}

/** A field whose value can be hidden on screens. */
class PrivateField<T> extends Field<T> {
  declare privacyScreen?: boolean;
}

/** A field of type `login`. */
export class LoginField extends PrivateField<string> {
  override type = "login";
}

/** A field of type `password`. */
export class PasswordField extends PrivateField<string> {
  declare enforceGeneration?: boolean;
  declare complexity?: PasswordComplexity;
  override type = "password";
}

/** A field of type `url`. */
export class UrlField extends PrivateField<string> {
  override type = "url";
}

/** A field of type `fileRef`. */
export class FileRefField extends Field<string> {
  override type = "fileRef";
}

/** A field of type `oneTimeCode`. */
export class OneTimeCodeField extends PrivateField<string> {
  override type = "oneTimeCode";
}

/** A field of type `otp`. */
export class OtpField extends PrivateField<string> {
  override type = "otp";
}

/** A field of type `name`. */
export class NameField extends PrivateField<Name> {
  override type = "name";
}

/** A field of type `birthDate`. */
export class BirthDateField extends PrivateField<number> {
  override type = "birthDate";
}

/** A field of type `date`. */
export class DateField extends PrivateField<number> {
  override type = "date";
}

/** A field of type `expirationDate`. */
export class ExpirationDateField extends PrivateField<number> {
  override type = "expirationDate";
}

/** A field of type `text`. */
export class TextField extends PrivateField<string> {
  override type = "text";
}

/** A field of type `securityQuestion`. */
export class SecurityQuestionField extends PrivateField<SecurityQuestion> {
  override type = "securityQuestion";
}

/** A field of type `multiline`. */
export class MultilineField extends PrivateField<string> {
  override type = "multiline";
}

/** A field of type `email`. */
export class EmailField extends PrivateField<string> {
  override type = "email";
}

/** A field of type `cardRef`. */
export class CardRefField extends PrivateField<string> {
  override type = "cardRef";
}

/** A field of type `addressRef`. */
export class AddressRefField extends PrivateField<string> {
  override type = "addressRef";
}

/** A field of type `pinCode`. */
export class PinCodeField extends PrivateField<string> {
  override type = "pinCode";
}

/** A field of type `phone`. */
export class PhoneField extends PrivateField<Phone> {
  override type = "phone";
}

/** A field of type `secret`. */
export class SecretField extends PrivateField<string> {
  override type = "secret";
}

/** A field of type `note`. */
export class SecureNoteField extends PrivateField<string> {
  override type = "note";
}

/** A field of type `accountNumber`. */
export class AccountNumberField extends PrivateField<string> {
  override type = "accountNumber";
}

/** A field of type `paymentCard`. */
export class PaymentCardField extends PrivateField<PaymentCard> {
  override type = "paymentCard";
}

/** A field of type `bankAccount`. */
export class BankAccountField extends PrivateField<BankAccount> {
  override type = "bankAccount";
}

/** A field of type `keyPair`. */
export class KeyPairField extends PrivateField<KeyPair> {
  override type = "keyPair";
}

/** A field of type `host`. */
export class HostField extends PrivateField<Host> {
  override type = "host";
}

/** A field of type `address`. */
export class AddressField extends PrivateField<Address> {
  override type = "address";
}

/** A field of type `licenseNumber`. */
export class LicenseNumberField extends PrivateField<string> {
  override type = "licenseNumber";
}

/** A field of type `recordRef`. */
export class RecordRefField extends Field<string> {
  override type = "recordRef";
}

/** A field of type `schedule`. */
export class ScheduleField extends Field<Schedule> {
  override type = "schedule";
}

/** A field of type `script`. */
export class ScriptField extends PrivateField<Script> {
  override type = "script";
}

/** A field of type `directoryType`. */
export class DirectoryTypeField extends Field<string> {
  override type = "directoryType";
}

/** A field of type `databaseType`. */
export class DatabaseTypeField extends Field<string> {
  override type = "databaseType";
}

/** A field of type `pamHostname`. */
export class PamHostnameField extends PrivateField<Host> {
  override type = "pamHostname";
}

/** A field of type `pamResources`. */
export class PamResourceField extends Field<PamResource> {
  override type = "pamResources";
}

/** A field of type `checkbox`. */
export class CheckboxField extends Field<boolean> {
  override type = "checkbox";
}

/** A field of type `passkey`. */
export class PasskeyField extends Field<Passkey> {
  override type = "passkey";
}

/** A field of type `isSSIDHidden`. */
export class IsSSIDHiddenField extends Field<boolean> {
  override type = "isSSIDHidden";
}

/** A field of type `wifiEncryption`. */
export class WifiEncryptionField extends Field<string> {
  override type = "wifiEncryption";
}

/** A field of type `dropdown`. */
export class DropdownField extends Field<string> {
  override type = "dropdown";
}

/** A field of type `rbiUrl`. */
export class RbiUrlField extends Field<string> {
  override type = "rbiUrl";
}

/** A field of type `appFiller`. */
export class AppFillerField extends PrivateField<AppFiller> {
  override type = "appFiller";
}

/** A field of type `pamRemoteBrowserSettings`. */
export class PamRemoteBrowserSettingsField extends Field<PamRemoteBrowserSetting> {
  override type = "pamRemoteBrowserSettings";
}

/** A field of type `pamSettings`. */
export class PamSettingsField extends Field<PamSetting> {
  override type = "pamSettings";
}

/** A field of type `trafficEncryptionSeed`. */
export class TrafficEncryptionSeedField extends Field<string> {
  override type = "trafficEncryptionSeed";
}
